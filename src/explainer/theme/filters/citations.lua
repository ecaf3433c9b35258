-- Citations: Pandoc's own citeproc, here and not later, so that Quarto has nothing left to resolve. The page
-- names its sources in the text; paper sets them as notes at the foot of the page.
return function(common)
  local M = {}
  local quote = common.quote

  local function raw(text)
    return pandoc.RawInline("typst", text)
  end

  local function is_blank(inline)
    return inline ~= nil and (inline.t == "Space" or inline.t == "SoftBreak")
  end

  -- The entries of the list by source: the words, the address that ends each of them, and the outlet alone.
  local function entries(refs, references)
    local by_source = {}
    refs:walk {
      Div = function(el)
        local id = el.identifier:match("^ref%-(.+)$")
        if not id then
          return nil
        end
        local words, url = pandoc.Inlines {}, nil
        for _, part in ipairs(pandoc.utils.blocks_to_inlines(el.content)) do
          if part.t == "Link" then
            url = part.target
          elseif not url and part.t ~= "Emph" then
            -- What is doubtful about a source, in italics, is left to the list.
            words:insert(part)
          end
        end
        while is_blank(words[#words]) or words[#words] and words[#words].text == "." do
          words:remove()
        end
        by_source[id] = { words = words, url = url }
      end,
    }
    for _, reference in ipairs(references) do
      local entry, outlet = by_source[reference.id], reference["container-title"]
      if entry then
        entry.outlet = pandoc.utils.stringify(outlet or entry.words)
      end
    end
    return by_source
  end

  -- One note a source; a source that was cited before is pointed at again.
  local function notes(cite, list, noted)
    local out = pandoc.Inlines { raw("#note-space;") }
    for number, citation in ipairs(cite.citations) do
      if number > 1 then
        out:insert(raw("#note-comma;"))
      end
      local entry = list[citation.id]
      if noted[citation.id] and #citation.prefix + #citation.suffix == 0 then
        out:insert(raw("#cited-again(" .. quote(citation.id) .. ", " .. quote(entry.outlet) .. ");"))
      else
        local id = noted[citation.id] and "" or citation.id
        noted[citation.id] = true
        out:insert(raw("#cited(" .. quote(id) .. ")["))
        if #citation.prefix > 0 then
          out:extend(citation.prefix)
          out:insert(pandoc.Space())
        end
        if entry.url then
          out:insert(pandoc.Link(entry.words, entry.url))
        else
          out:extend(entry.words)
        end
        if #citation.suffix > 0 then
          out:insert(pandoc.Space())
          out:extend(citation.suffix)
        end
        out:insert(raw("];"))
      end
    end
    return out
  end

  -- The mark follows the word without a space, and a stop or a comma without a gap.
  local function as_notes(doc, refs, references)
    local list, noted = entries(refs, references), {}
    return doc:walk {
      traverse = "topdown",
      Inlines = function(inlines)
        local out, at = pandoc.Inlines {}, 1
        while at <= #inlines do
          local here, after = inlines[at], inlines[at + 1]
          if here.t == "Cite" then
            if here.citations[1].mode == "AuthorInText" then
              out:extend(here.content)
            elseif is_blank(out[#out]) then
              out:remove()
            end
            local stop, rest = nil, nil
            if after and after.t == "Str" then
              stop, rest = after.text:match("^([.,]+)(.*)$")
            end
            if stop then
              out:insert(pandoc.Str(stop))
              inlines[at + 1] = pandoc.Str(rest)
            end
            out:extend(notes(here, list, noted))
          elseif here.t ~= "Str" or here.text ~= "" then
            out:insert(here)
          end
          at = at + 1
        end
        return out
      end,
    }
  end

  function M.has_list(doc)
    local found = false
    doc.blocks:walk {
      Div = function(el)
        found = found or el.identifier == "refs"
      end,
    }
    return found
  end

  -- On a wide page the style sheet moves a citation beside the text and leaves a number in its place. The space
  -- before it and its brackets take no room there, but are copied along.
  local around = pandoc.Attr("", { "around" })
  local function beside(inlines)
    local cites = false
    for _, el in ipairs(inlines) do
      cites = cites or el.t == "Cite"
    end
    if not cites then
      return nil
    end
    local out = pandoc.Inlines {}
    for _, el in ipairs(inlines) do
      if el.t == "Cite" then
        local content, before, after = el.content, pandoc.Inlines {}, nil
        if is_blank(out[#out]) then
          before:insert(out:remove())
        end
        if content[1].text == "(" and content[#content].text == ")" then
          before:insert(content:remove(1))
          after = content:remove()
        end
        local cited = pandoc.Inlines { pandoc.Span(before, around), pandoc.Span(content, pandoc.Attr("", { "citation" })) }
        if after then
          cited:insert(pandoc.Span({ after }, around))
        end
        out:insert(pandoc.Span(cited, pandoc.Attr("", { "cited" })))
      else
        out:insert(el)
      end
    end
    return out
  end

  -- A list that says so by its elements, as Pandoc's own says it by two attributes an entry.
  local function as_list(refs)
    local out = pandoc.Blocks { pandoc.RawBlock("html", '<ul id="refs" class="references">') }
    for _, entry in ipairs(refs.content) do
      out:insert(pandoc.RawBlock("html", '<li id="' .. entry.identifier .. '">'))
      out:insert(pandoc.Plain(pandoc.utils.blocks_to_inlines(entry.content)))
      out:insert(pandoc.RawBlock("html", "</li>"))
    end
    out:insert(pandoc.RawBlock("html", "</ul>"))
    return out
  end

  -- What citeproc makes of citations, in their order, and its list of sources. It gets nothing else of the page,
  -- which is long: to pass it to citeproc and back takes longer than to cite.
  local function resolve(cites, uncited, references, lang)
    local blocks = pandoc.Blocks {}
    for number, cite in ipairs(cites) do
      blocks[number] = pandoc.Plain { cite }
    end
    blocks:insert(pandoc.Div({}, pandoc.Attr("refs")))
    local meta = {
      references = references,
      -- Pandoc takes it for a URL.
      csl = pandoc.path.join { common.theme, "newsroom.csl" }:gsub("%%", "%%25"),
      lang = lang,
      nocite = #uncited > 0 and pandoc.MetaInlines(uncited) or nil,
    }
    meta["link-citations"] = true
    local resolved, out = pandoc.utils.citeproc(pandoc.Pandoc(blocks, meta)).blocks, {}
    for number in ipairs(cites) do
      out[number] = resolved[number].content[1]
    end
    return out, resolved[#cites + 1]
  end

  -- Links to the list of sources on another page.
  local function to_page(address)
    return {
      Link = function(el)
        if el.target:match("^#ref%-") then
          el.target = address .. el.target
          return el
        end
      end,
    }
  end

  -- `more` are sources that figures and tables name, and other pages: in the list, whether or not the text cites them.
  function M.render(doc, more, place)
    local keys, has_sources, cites = {}, #more > 0, {}
    local uncited = pandoc.Inlines(doc.meta.nocite or {})
    doc.meta.nocite = nil
    local function note(el)
      for _, citation in ipairs(el.citations) do
        keys[citation.id] = true
        has_sources = true
      end
    end
    uncited:walk { Cite = note }
    doc:walk {
      Cite = function(el)
        note(el)
        cites[#cites + 1] = el
      end,
    }
    if not has_sources then
      return doc
    end
    local elsewhere = not place.listed and place.elsewhere("refs")
    if not place.listed and not elsewhere then
      -- A notebook says nowhere where its list goes: at the end, under a heading of its top level.
      doc.blocks:insert(pandoc.Header(common.top(doc), "Sources", pandoc.Attr("cited-sources")))
      doc.blocks:insert(pandoc.Div({}, pandoc.Attr("refs")))
    end
    -- As words and not as a file: in a file's texts citeproc would look for markup.
    local references = pandoc.List {}
    local named = pandoc.List(more)
    for _, item in ipairs(common.json("_build/references.json", "the sources as references")) do
      if keys[item.id] or named:includes(item.id) or keys["*"] or named:includes("*") then
        local reference = { id = item.id, type = item.type, URL = item.URL }
        for _, part in ipairs { "container-title", "title", "note" } do
          reference[part] = item[part] and pandoc.MetaInlines(common.words(item[part])) or nil
        end
        if item.issued then
          reference.issued = string.format("%04d-%02d-%02d", table.unpack(item.issued["date-parts"][1]))
        end
        references:insert(reference)
      end
    end
    for _, id in ipairs(more) do
      if not keys[id] then
        keys[id] = true
        uncited:insert(pandoc.Cite({}, { pandoc.Citation(id, "NormalCitation") }))
      end
    end
    local resolved, refs = resolve(cites, uncited, references, doc.meta.lang)
    local at = 0
    local function cite()
      at = at + 1
      return elsewhere and common.html and resolved[at]:walk(to_page(elsewhere)) or resolved[at]
    end
    -- Only the entries' own marks are kept; spacing is the style sheet's.
    local function list(el)
      if el.identifier ~= "refs" then
        return nil
      elseif common.html then
        return as_list(refs)
      end
      refs.attributes = {}
      refs.classes = { "references" }
      refs.content:insert(1, pandoc.RawBlock("typst", "#references["))
      refs.content:insert(pandoc.RawBlock("typst", "]"))
      return refs
    end
    if common.typst then
      return as_notes(doc:walk { Cite = cite }, refs, references):walk { Div = list }
    end
    return doc:walk { Cite = cite, Inlines = beside, Div = list }
  end

  return M
end
