-- Citations: Pandoc's own citeproc, here and not later, so that Quarto has nothing left to resolve.
return function(common)
  local M = {}

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
    local have = {}
    for _, reference in ipairs(common.json("_build/references.json", "the sources as references")) do
      have[reference.id] = true
    end
    for key in pairs(keys) do
      if not have[key] then
        common.fault("source @" .. key .. " does not exist. Check the id in data/sources/sources.csv")
      end
    end
    doc.meta.bibliography = pandoc.path.join { common.root, "_build", "references.json" }
    doc.meta.csl = pandoc.path.join { common.root, "theme", "newsroom.csl" }
    doc.meta["link-citations"] = true
    doc = pandoc.utils.citeproc(doc)
    for _, key in ipairs { "bibliography", "csl", "link-citations", "nocite", "references" } do
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
