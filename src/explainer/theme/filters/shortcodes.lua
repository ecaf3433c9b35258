-- Shortcodes: a variable becomes its value, as plain text. Quarto's own `var` would read the value as
-- Markdown and print "?var:name" where there is none.
return function(common)
  local M = {}

  local function value_of(name)
    -- The build step checks pages; what _quarto.yml says of all pages comes here unchecked.
    local value = common.json("_build/site.json", "the report's variables").variables[name]
    if value == nil then
      common.fault("variable " .. name .. " does not exist. Check its name in the tables data/tidy/values-*.csv")
      return name
    end
    return value
  end

  local function pagebreak()
    if common.typst then
      return pandoc.RawInline("typst", "#pagebreak(weak: true)")
    end
    return pandoc.RawInline("html", '<span class="page-break"></span>')
  end

  local head = {}

  -- A text of the page's own front matter.
  local function of_head(key)
    local value = head[key]
    if value == nil then
      common.fault("the front matter has no " .. key .. ", which a meta shortcode names")
      return {}
    end
    return pandoc.utils.type(value) == "Inlines" and M.in_meta(value) or common.words(pandoc.utils.stringify(value))
  end

  local function resolve(name, argument, raw)
    if name == "var" and argument and argument:match("%.unit$") then
      -- Of what the number before it is one: a noun, with nothing to trace.
      return common.words(value_of(argument))
    elseif name == "var" and argument then
      -- Marked, so that the evidence for it can be put beside it.
      return { pandoc.Span(common.words(value_of(argument)), pandoc.Attr("", { "value" }, { ["data-value"] = argument })) }
    elseif name == "pagebreak" then
      return { pagebreak() }
    elseif name == "meta" and argument then
      return of_head(argument)
    end
    common.fault("shortcode " .. raw .. " is not supported; use var, meta, include, embed or pagebreak")
    return {}
  end

  -- In the body: Quarto's reader leaves spans with the parts as attributes; the embedded engine makes
  -- the same spans.
  function M.in_body(doc)
    head = doc.meta
    return doc:walk {
      Span = function(el)
        if el.classes:includes("quarto-shortcode__") then
          local parts = {}
          for _, part in ipairs(el.content) do
            if part.t == "Span" then
              parts[#parts + 1] = part.attributes["data-value"]
            end
          end
          return resolve(parts[1], parts[2], el.attributes["data-raw"] or "")
        elseif el.classes:includes("quarto-shortcode__-escaped") then
          return pandoc.Str(el.attributes["data-value"])
        elseif el.classes:includes("value") then
          -- The mark of a value is not the author's to give: it says that a table wrote the words.
          el.classes = el.classes:filter(function(class)
            return class ~= "value"
          end)
          return el
        end
      end,
    }
  end

  -- In the front matter a shortcode is still text, cut into words at its spaces.
  local function expand(words)
    local out = pandoc.Inlines {}
    local i = 1
    while i <= #words do
      local here = words[i]
      local open = here.t == "Str" and here.text:match("^(.*){{<$")
      local name, argument, after
      if open and words[i + 6] and words[i + 2].t == "Str" and words[i + 4].t == "Str" and words[i + 6].t == "Str" then
        name, argument, after = words[i + 2].text, words[i + 4].text, words[i + 6].text:match("^>}}(.*)$")
      end
      if after then
        if open ~= "" then
          out:insert(pandoc.Str(open))
        end
        out:extend(resolve(name, argument, "{{< " .. name .. " " .. argument .. " >}}"))
        if after ~= "" then
          -- What follows may open the next shortcode.
          words[i + 6] = pandoc.Str(after)
          i = i + 6
        else
          i = i + 7
        end
      else
        out:insert(here)
        i = i + 1
      end
    end
    return out
  end

  -- Within emphasis and quotation marks too.
  function M.in_meta(value)
    local kind = pandoc.utils.type(value)
    return (kind == "Inlines" or kind == "Blocks") and value:walk { Inlines = expand } or value
  end

  return M
end
