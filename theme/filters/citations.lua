-- Citations: Pandoc's own citeproc, here and not later, so that Quarto has nothing left to resolve.
return function(common)
  local M = {}

  function M.has_list(doc)
    local found = false
    doc.blocks:walk {
      Div = function(el)
        found = found or el.identifier == "refs"
      end,
    }
    return found
  end

  function M.render(doc)
    local keys, wanted = {}, false
    doc:walk {
      Cite = function(el)
        for _, citation in ipairs(el.citations) do
          keys[citation.id] = true
          wanted = true
        end
      end,
    }
    if not wanted and not doc.meta.nocite then
      return doc
    end
    if not M.has_list(doc) then
      -- A notebook says nowhere where its list goes: at the end, under a heading of its top level.
      local top = 2
      doc.blocks:walk {
        Header = function(el)
          top = math.min(top, el.level)
        end,
      }
      doc.blocks:insert(pandoc.Header(top, "Sources", pandoc.Attr("cited-sources")))
      doc.blocks:insert(pandoc.Div({}, pandoc.Attr("refs")))
    end
    -- Handed over as words and not as a file: in a file's texts citeproc would look for mark-up.
    local have, references = {}, pandoc.List {}
    for _, item in ipairs(common.json("_build/references.json", "the sources as references")) do
      have[item.id] = true
      local reference = { id = item.id, type = item.type, URL = item.URL }
      for _, part in ipairs { "container-title", "title" } do
        reference[part] = pandoc.MetaInlines(common.words(item[part]))
      end
      if item.issued then
        reference.issued = string.format("%04d-%02d-%02d", table.unpack(item.issued["date-parts"][1]))
      end
      references:insert(reference)
    end
    local complete = true
    for key in pairs(keys) do
      if not have[key] and key ~= "*" then
        common.fault("source @" .. key .. " does not exist. Check the id in data/sources/sources.csv")
        complete = false
      end
    end
    if not complete then
      return doc
    end
    doc.meta.references = references
    doc.meta.csl = pandoc.path.join { common.root, "theme", "newsroom.csl" }
    doc.meta["link-citations"] = true
    doc = pandoc.utils.citeproc(doc)
    for _, key in ipairs { "csl", "link-citations", "nocite", "references" } do
      doc.meta[key] = nil
    end
    return doc:walk {
      Cite = function(el)
        return pandoc.Span(el.content, pandoc.Attr("", { "citation" }))
      end,
      Div = function(el)
        if el.identifier == "refs" then
          -- Only the entries' own marks are kept; spacing is the style sheet's.
          el.attributes = {}
          el.classes = { "references" }
          return el
        end
      end,
    }
  end

  return M
end
