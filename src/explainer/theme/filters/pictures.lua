-- Pictures of the author's own: files beside the page, which the build step puts into the report.
return function(common, figures)
  local M = {}
  local escape, quote, raw, block = common.escape, common.quote, common.raw, common.block

  -- A length as Typst has it; without a unit it is in pixels.
  local function length(size)
    local number, unit = (size or ""):match("^(%d+%.?%d*)(.*)$")
    if not number then
      return nil
    elseif unit == "" or unit == "px" then
      return string.format("%.6gpt", tonumber(number) * 0.75)
    end
    return number .. unit
  end

  local function sizes(image, format)
    local out = {}
    for _, name in ipairs { "width", "height" } do
      local size = image.attributes[name]
      if size and format == "typst" then
        out[#out + 1] = ", " .. name .. ": " .. length(size)
      elseif size then
        out[#out + 1] = name .. ":" .. (size:match("^[%d.]+$") and size .. "px" or size)
      end
    end
    return out
  end

  local function words_for(image, caption)
    local alt = image.attributes["fig-alt"] or image.attributes.alt
    return alt or pandoc.utils.stringify(caption or image.caption)
  end

  local function typst(image, alt)
    local path = image.src:gsub("%%(%x%x)", function(code)
      return string.char(tonumber(code, 16))
    end)
    return "image(" .. quote("/" .. path) .. ", alt: " .. quote(alt) .. table.concat(sizes(image, "typst")) .. ")"
  end

  local function html(image, alt)
    local style = table.concat(sizes(image, "html"), ";")
    return '<img src="' .. escape(image.src) .. '" alt="' .. escape(alt) .. '"'
      .. (style ~= "" and ' style="' .. style .. '"' or "") .. ">"
  end

  local function inline(image)
    local alt = words_for(image)
    return raw(common.typst and "#box(" .. typst(image, alt) .. ")" or html(image, alt))
  end

  -- The picture that a figure consists of, if it is one.
  local function only_image(figure)
    local first = figure.content[1]
    local image = #figure.content == 1 and first.content and #first.content == 1 and first.content[1]
    return image and image.t == "Image" and image or nil
  end

  local function figure(el, numbers)
    local image = only_image(el)
    if not image then
      return nil
    end
    local id = el.identifier ~= "" and el.identifier or image.identifier
    local number = numbers[id]
    local caption = pandoc.utils.blocks_to_inlines(el.caption.long)
    local alt = words_for(image, caption)
    local name = number and figures.name(id) .. " " .. number or ""
    if common.typst then
      local inlines = pandoc.Inlines { raw("#picture(" .. quote(id) .. ", " .. quote(name) .. ", " .. typst(image, alt) .. ")[") }
      inlines:extend(caption)
      inlines:insert(raw("]"))
      return pandoc.Plain(inlines)
    end
    local words = pandoc.Inlines(name == "" and {} or { raw('<a class="number" href="#' .. escape(id) .. '">' .. escape(name) .. ".</a> ") })
    words:extend(caption)
    return {
      block('<figure class="picture"' .. (id ~= "" and ' id="' .. escape(id) .. '"' or "") .. ">\n" .. html(image, alt) .. "\n<figcaption>"),
      pandoc.Plain(words),
      block("</figcaption>\n</figure>"),
    }
  end

  function M.render(doc, numbers)
    doc.blocks = doc.blocks:walk {
      Figure = function(el)
        return figure(el, numbers)
      end,
    }
    doc.blocks = doc.blocks:walk { Image = inline }
    return doc
  end

  return M
end
