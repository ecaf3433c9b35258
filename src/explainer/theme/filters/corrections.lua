-- ::: {.corrections} : the log, the last correction first, or the sentence that there is none yet.
-- ::: {.corrections .latest} : the reason of the last correction alone, where the log is on another page.
return function(common)
  local M = {}
  local words = common.words

  local NONE = "No correction has been made to this report. Corrections will be listed here with their date, "
    .. "what was said and what is said now."

  local function item(entry)
    local content = pandoc.Inlines { pandoc.Strong(words(entry.day .. ".")), pandoc.Space() }
    content:extend(words(entry.because .. " " .. entry.what))
    if common.typst then
      content:insert(1, common.raw("#place-of(" .. common.quote(entry.id) .. ");"))
      return { pandoc.Plain(content) }
    end
    content:insert(common.here(entry.id))
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

  local function latest(entries, address, place)
    if #entries == 0 then
      return log(entries)
    end
    local last = entries[#entries]
    local out = pandoc.Inlines { pandoc.Strong(words(last.day .. ".")), pandoc.Space() }
    out:extend(words(last.because))
    if #entries > 1 then
      out:insert(pandoc.Space())
      out:insert(pandoc.Link(words("All " .. #entries .. " corrections"), place.link(address, last.id)))
      out:insert(pandoc.Str("."))
    end
    return pandoc.Blocks { pandoc.Para(out) }
  end

  -- On one page of the report: marks on others lead there. Where no page has a place for the log and there is
  -- something to put into it, it stands at the end.
  function M.render(doc, place, site)
    if not place.is_report then
      return doc
    end
    local entries, placed, elsewhere = site.corrections or {}, false, place.elsewhere("corrections")
    doc.blocks = doc.blocks:walk {
      Div = function(el)
        if el.classes:includes("corrections") and el.classes:includes("latest") then
          if not elsewhere then
            common.fault("the latest correction stands here, and no other page has the log, ::: {.corrections}")
            return nil
          end
          return pandoc.Div(latest(entries, elsewhere, place), pandoc.Attr(el.identifier, { "corrections" }))
        elseif el.classes:includes("corrections") then
          if placed then
            common.fault("the log of corrections has two places on this page; keep one")
          end
          placed = true
          return pandoc.Div(log(entries), pandoc.Attr(el.identifier, { "corrections" }))
        end
      end,
    }
    if not placed and not elsewhere and #entries > 0 then
      doc.blocks:insert(pandoc.Header(common.top(doc), words("Corrections"), pandoc.Attr("corrections")))
      doc.blocks:insert(pandoc.Div(log(entries), pandoc.Attr("", { "corrections" })))
    end
    local last = entries[#entries]
    if last then
      -- Under the headline too: nobody should have to read to the end to learn of it.
      local href = elsewhere and place.link(elsewhere, last.id) or "#" .. last.id
      local target = pandoc.MetaInlines { pandoc.RawInline("typst", place.target(elsewhere, last.id)) }
      doc.meta.corrected = { href = href, target = target, iso = last.date, words = last.day }
    end
    return doc
  end

  return M
end
