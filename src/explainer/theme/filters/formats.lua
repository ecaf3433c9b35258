-- What stands in one format alone: Quarto's blocks and spans of the classes content-visible and content-hidden.
return function(common)
  local M = {}
  local IS_ON = { html = common.html, typst = common.typst }
  local WORDS = { ["when-format"] = true, ["unless-format"] = true }

  -- Whether the condition of an element holds: its format is this one, or is not the one that it names.
  local function holds(el)
    local fits = true
    for name, format in pairs(el.attributes) do
      if WORDS[name] and IS_ON[format] == nil then
        common.fault(name .. " names " .. format .. "; a page is made as html and as typst")
      elseif WORDS[name] and IS_ON[format] ~= (name == "when-format") then
        fits = false
      end
    end
    return fits
  end

  local function choose(el)
    local visible, hidden = el.classes:includes("content-visible"), el.classes:includes("content-hidden")
    if visible or hidden then
      return holds(el) == visible and el.content or {}
    end
  end

  function M.choose(doc)
    doc.blocks = doc.blocks:walk { Div = choose, Span = choose }
    return doc
  end

  return M
end
