-- Classes by which the finished page says that a table, a reference list or the build wrote the words. They are
-- the filters' own: what the author marked with one loses it before the filters begin, so that the number gate
-- can trust them.
return function(common)
  local M = {}

  local RESERVED = {}
  for _, class in ipairs {
    "value", "citation", "cited", "ref", "day", "number", "stamp", "references", "status", "opens", "badge",
    "corrected", "footnote-ref",
  } do
    RESERVED[class] = true
  end
  -- A block with one of these is where the build puts a list of its own, in place of what it holds; words cannot
  -- have them.
  local OF_BLOCKS = { derivations = true, corrections = true }

  local function strip(el)
    if el.t == "Link" and el.target:match("^#ref%-") then
      common.fault("a link to " .. el.target .. " stands for a citation; write [@" .. el.target:sub(6) .. "] instead")
    end
    local kept = el.classes:filter(function(class)
      return not RESERVED[class] and (not OF_BLOCKS[class] or el.t == "Div")
    end)
    if #kept == #el.classes and not el.attributes["data-fact"] then
      return nil
    end
    el.classes = kept
    el.attributes["data-fact"] = nil
    return el
  end

  function M.strip(doc)
    local all = { Span = strip, Link = strip, Code = strip, Image = strip, Div = strip, Header = strip, CodeBlock = strip }
    -- The list of sources is the build's, so nothing of the author's stands in it.
    local refs = {
      Div = function(el)
        if el.identifier == "refs" and #el.content > 0 then
          common.fault("the block {#refs} holds words; the list of sources goes there and nothing else")
        end
      end,
    }
    doc:walk(refs)
    return doc:walk(all)
  end

  return M
end
