-- Figures and tables: the build step has built them, here they meet the page that shows them.
return function(common)
  local M = {}
  local escape, quote = common.escape, common.quote
  local NAMES = { fig = "Figure", tbl = "Table" }

  function M.name(label)
    return NAMES[label:match("^(%a+)%-")]
  end

  function M.is_label(id)
    return id ~= nil and (id:match("^fig%-.") or id:match("^tbl%-.")) ~= nil
  end

  -- Whether a notebook has it; else it is a picture of the author's own.
  function M.is_of_notebook(label)
    local file = io.open(pandoc.path.join { common.root, "_build/exhibits/" .. label .. ".json" }, "rb")
    return file ~= nil and file:close()
  end

  local function read(label)
    return common.json("_build/exhibits/" .. label .. ".json", "the markup of " .. label)
  end

  -- The ids of the sources that figures and tables with these labels name, and of those in `more`.
  function M.sources(labels, more)
    local ids = {}
    local function add(list)
      for _, id in ipairs(list) do
        ids[#ids + 1] = id
      end
    end
    add(more or {})
    for label in pairs(labels) do
      if M.is_of_notebook(label) then
        add(read(label).sources)
      end
    end
    table.sort(ids)
    return ids
  end

  -- From the report to the cell that made it, and from the notebook to the report where that shows it.
  local function link(label, item, place)
    local shown = place.shown[label]
    if place.page ~= item.notebook then
      return "How made", place.link(item.page, item.cell)
    elseif shown then
      return "In the report", place.link(shown.page, label)
    end
    return "", ""
  end

  -- Sources in HTML: as they lead to the list on this page or on another, or each to its own address.
  local function html_sources(parts, place)
    local address = place.elsewhere("refs")
    if place.listed or not address then
      return place.listed and parts.listed or parts.named
    end
    return (parts.listed:gsub('href="#', 'href="' .. escape(address) .. "#"))
  end

  -- What makes a frame as high as its content is the same for all charts, so the page says it once; its script
  -- gives it to the others.
  local has_code = false
  local function embed_code(parts)
    if parts.code == "" or has_code then
      return parts.code_again
    end
    has_code = true
    return parts.code
  end

  local function html(label, number, item, place)
    local parts = item.html
    local text, href = link(label, item, place)
    local cell = text == "" and "" or '<a href="' .. escape(href) .. '">' .. text .. '<span class="status">: '
      .. M.name(label) .. " " .. number .. "</span></a>\n"
    -- No text of a figure holds such a comment: the build step has escaped them.
    return (parts.body:gsub("<!%-%-(%a+)%-%->", {
      number = tostring(number), up = place.up, cell = cell, code = embed_code(parts),
      sources = html_sources(parts, place),
    }))
  end

  local function typst(label, number, item, place)
    local text, href = link(label, item, place)
    return "#exhibit(\n  name: " .. quote(M.name(label) .. " " .. number)
      .. ",\n  sources: " .. (place.listed and item.typst.listed or item.typst.named)
      .. ",\n  more: (" .. quote(text) .. ", " .. quote(href) .. "),\n  " .. item.typst.arguments .. ",\n)"
  end

  function M.block(label, number, place)
    local build = common.typst and typst or html
    return pandoc.RawBlock(FORMAT, build(label, number, read(label), place))
  end

  return M
end
