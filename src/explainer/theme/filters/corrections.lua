-- ::: {.corrections} : the log, the last correction first, or the sentence that there is none yet.
return function(common)
  local M = {}
  local words = common.words

  local NONE = "No correction has been made to this report. Corrections will be listed here with their date, "
    .. "what was said and what is said now."

  local function item(entry)
    local content = pandoc.Inlines { pandoc.Strong(words(entry.day .. ".")), pandoc.Space() }
    content:extend(words(entry.what .. " " .. entry.because))
    if common.typst then
      content:insert(1, common.raw("#place-of(" .. common.quote(entry.id) .. ");"))
      return { pandoc.Plain(content) }
    end
    return { pandoc.Plain { pandoc.Span(content, pandoc.Attr(entry.id)) } }
  end

  local function log(entries)
    if #entries == 0 then
      return pandoc.Blocks { pandoc.Para(words(NONE)) }
    end
    local items = {}
    for number = #entries, 1, -1 do
      items[#items + 1] = item(entries[number])
    end
    return pandoc.Blocks { pandoc.BulletList(items) }
  end

  -- In the report alone: marks on other pages lead there. A page that has no place for the log and something
  -- to put into it gets it at the end.
  function M.render(doc, page, site)
    if not page:match("%.qmd$") then
      return doc
    end
    local entries, placed = site.corrections or {}, false
    doc.blocks = doc.blocks:walk {
      Div = function(el)
        if el.classes:includes("corrections") then
          if placed then
            common.fault("the log of corrections has two places on this page; keep one")
          end
          placed = true
          return pandoc.Div(log(entries), pandoc.Attr(el.identifier, { "corrections" }))
        end
      end,
    }
    if not placed and #entries > 0 then
      doc.blocks:insert(pandoc.Header(common.top(doc), words("Corrections"), pandoc.Attr("corrections")))
      doc.blocks:insert(pandoc.Div(log(entries), pandoc.Attr("", { "corrections" })))
    end
    local last = entries[#entries]
    if last then
      -- Under the headline too: nobody should have to read to the end to learn of it.
      doc.meta.corrected = { id = last.id, iso = last.date, words = last.day }
    end
    return doc
  end

  return M
end
