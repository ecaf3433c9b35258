-- What the templates need to know about this page: title, contents, ways to the other pages, style, stamp.
return function(common, shortcodes, figures)
  local M = {}
  local escape, known, plain_text = common.escape, common.known, common.plain

  -- What site.json says of this page of the report; nothing of a notebook's.
  local function entry_of(page, site)
    for number, entry in ipairs(site.pages) do
      if entry.file == page then
        return entry, number == 1
      end
    end
  end

  -- The settings of this page in this format: `toc` and `number-sections`, where given.
  local function settings_of(page, site)
    return (entry_of(page, site) or site).settings[common.typst and "typst" or "html"]
  end

  -- "2.1" before a heading, written here, so that page and PDF have the same.
  local function numbered(doc)
    local counts = {}
    return doc:walk {
      Header = function(el)
        if el.classes:includes("unnumbered") then
          return nil
        end
        local depth = el.level - (common.typst and 0 or 1)
        counts[depth] = (counts[depth] or 0) + 1
        for deeper = depth + 1, 6 do
          counts[deeper] = nil
        end
        local parts = {}
        for level = 1, depth do
          parts[level] = tostring(counts[level] or 0)
        end
        el.content:insert(1, pandoc.Str(table.concat(parts, ".") .. "\u{a0}"))
        -- Pandoc is not to number it again.
        el.classes:insert("unnumbered")
        return el
      end,
    }
  end

  -- On paper nothing numbers headings but us, and Quarto 1.7 writes one of this class without its label.
  local function without_class(el)
    el.classes = el.classes:filter(function(class)
      return class ~= "unnumbered"
    end)
    return el
  end

  function M.headings(doc, place, site)
    -- The title is the page's only level one; in the PDF it is no heading, so sections are level one there.
    local shift = (common.typst and 1 or 2) - common.top(doc)
    doc = doc:walk {
      Header = function(el)
        el.level = math.min(6, el.level + shift)
        return el
      end,
    }
    doc = settings_of(place.page, site)["number-sections"] and numbered(doc) or doc
    return common.typst and doc:walk { Header = without_class } or doc
  end

  local function contents(doc)
    local items = {}
    for _, block in ipairs(doc.blocks) do
      if block.t == "Header" and block.level == 2 and not block.classes:includes("unlisted") then
        local words = block.content:walk {
          Note = function()
            return {}
          end,
          Link = function(el)
            return el.content
          end,
        }
        items[#items + 1] = { pandoc.Plain { pandoc.Link(words, "#" .. block.identifier) } }
      end
    end
    return items
  end

  -- A notebook names itself by its first heading when its front matter does not.
  function M.name(doc)
    local first = doc.blocks[1]
    if not doc.meta.title and first and first.t == "Header" then
      doc.meta.title = pandoc.MetaInlines(first.content)
      doc.blocks:remove(1)
    end
    if not doc.meta.title then
      common.fault("the page has no title; give one in the front matter, or as the first heading of a notebook")
    end
    return doc
  end

  function M.describe(doc)
    for _, key in ipairs { "title", "subtitle", "abstract", "description", "byline", "kicker" } do
      if doc.meta[key] then
        doc.meta[key] = shortcodes.in_meta(doc.meta[key])
      end
    end
    return doc
  end

  -- A day of the report as year, month and day; nil where it is not known.
  local function parts(iso)
    return (common.known(iso) or ""):match("^(%d+)-0?(%d+)-0?(%d+)$")
  end

  -- Typst code for what its template sets on the document: strings, so that nothing in them is markup.
  local function for_print(doc, site, plain, description, day)
    local meta = doc.meta
    local function code(text)
      return pandoc.MetaInlines { pandoc.RawInline("typst", text) }
    end
    local colors, names = {}, {}
    for name in pairs(site.palette) do
      names[#names + 1] = name
    end
    table.sort(names)
    for _, name in ipairs(names) do
      colors[#colors + 1] = common.quote(name) .. ": rgb(" .. common.quote(site.palette[name]) .. ")"
    end
    meta.palette = code("(" .. table.concat(colors, ", ") .. ")")
    for use, family in pairs(site.families) do
      meta["font-" .. use] = code(common.quote(family))
    end
    meta["document-title"] = code(common.quote(plain))
    meta["document-description"] = code(common.quote(description))
    local authors = {}
    for _, author in ipairs((site.credits or {}).authors or {}) do
      authors[#authors + 1] = common.quote(author) .. ", "
    end
    meta["document-author"] = code("(" .. table.concat(authors) .. ")")
    local year, month, date = parts(day)
    meta["document-date"] = code(
      year and ("datetime(year: " .. year .. ", month: " .. month .. ", day: " .. date .. ")") or "none"
    )
  end

  local MONTHS = { "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December" }

  local function published(iso)
    local year, month, day = parts(iso)
    return year and { iso = iso, words = MONTHS[tonumber(month)] .. " " .. day .. ", " .. year } or nil
  end

  -- What the other pages of the report hold, with links. Much of it stood on the first page at one time or another: a
  -- link has the id of what it leads to, so that an old address ends at the way to the new one; the script goes it.
  local function others(doc, place, site)
    local taken = {}
    doc.blocks:walk {
      Header = function(el)
        taken[el.identifier] = true
      end,
    }
    local function link(page, id, words)
      local own = (id:match("^sec%-") or id:match("^%a%a%a%-")) and not taken[id] and ' class="moved" id="' .. escape(id) .. '"' or ""
      return "<a" .. own .. ' href="' .. escape(place.link(page, id)) .. '">' .. plain_text(words) .. "</a>"
    end
    local out = {}
    for _, page in ipairs(site.pages) do
      if page.file ~= place.page then
        out[#out + 1] = '<p><a href="' .. escape(page.address) .. '">' .. plain_text(page.title) .. "</a></p>\n<ul>"
        for _, section in ipairs(page.sections) do
          local links = { link(page.address, section.id, section.title) }
          for _, label in ipairs(section.exhibits) do
            links[#links + 1] = link(page.address, label, figures.name(label) .. " " .. common.number_of(site, label))
          end
          out[#out + 1] = "<li>" .. table.concat(links, " · ") .. "</li>"
        end
        out[#out + 1] = "</ul>"
      end
    end
    return table.concat(out, "\n")
  end

  -- What was corrected, in a few words, and the way to the log.
  local function log(place, site)
    local entries = site.corrections or {}
    local last = entries[#entries]
    if not last then
      return nil
    end
    local page = place.elsewhere("corrections")
    local words = #entries == 1 and last.day or #entries .. " times, last on " .. last.day
    return { href = page and place.link(page, last.id) or "#" .. last.id, words = words }
  end

  function M.finish(doc, place, site)
    local meta, up, page = doc.meta, place.up, place.page
    local entry, is_first = entry_of(page, site)
    local plain = meta.title and pandoc.utils.stringify(meta.title) or ""
    local description = meta.description or meta.subtitle or meta.abstract
    description = description and pandoc.utils.stringify(description):gsub("%s+", " ") or plain
    meta.description = description
    meta.pagetitle = plain
    meta.stamp = site.stamp
    if entry then
      meta.published = published(entry.date)
      local authors = (site.credits or {}).authors
      if authors and not meta.byline then
        meta.byline = pandoc.MetaInlines { pandoc.Str("By " .. table.concat(authors, ", ")) }
      end
    end
    local toc = settings_of(page, site).toc
    if common.typst then
      meta.outline = toc or nil
      for_print(doc, site, plain, description, entry and entry.date)
      return doc
    end
    meta.style = pandoc.MetaBlocks {
      pandoc.RawBlock("html", "<style>\n" .. site.css:gsub("@up@", function()
        return up
      end) .. (entry and entry.css or "") .. "\n</style>"),
    }
    meta.script = site.script and up .. site.script or nil
    -- Key figures that open the page are as wide as its head.
    local first = doc.blocks[1]
    if first and first.t == "Div" and first.classes:includes("key-figures") then
      meta.opening = pandoc.MetaBlocks { doc.blocks:remove(1) }
    end
    local items = contents(doc)
    doc.blocks = doc.blocks:walk {
      Header = function(el)
        if el.identifier ~= "" then
          el.content:insert(common.here(el.identifier))
        end
        return el
      end,
    }
    -- A short page needs none, unless it is asked for.
    if toc ~= false and #items > (toc and 0 or 2) then
      meta.contents = pandoc.MetaBlocks { pandoc.BulletList(items) }
    end
    meta.up = up
    if common.known(site.home) then
      local address = common.address(page)
      meta.canonical = site.home .. (address == "index.html" and "" or address)
    end
    if not is_first then
      meta.pagetitle = plain .. " – " .. site.title
      meta.report = { title = site.title, href = up .. "index.html" }
    end
    local links, here = {}, nil
    for number, notebook in ipairs(site.notebooks) do
      links[number] = { title = notebook.title, href = up .. notebook.page }
      if notebook.path == page then
        here = number
        links[number].current = true
      end
    end
    if here then
      meta.description = site.notebooks[here].description
      meta.notebook = { number = tostring(here), count = tostring(#links), file = page:match("[^/]+$"), ways = (site.ways or {})[page] }
      meta.previous = links[here - 1]
      meta.next = links[here + 1]
    end
    local function html(text)
      return text and pandoc.MetaBlocks { pandoc.RawBlock("html", text) }
    end
    if entry then
      meta.pdf = common.known(entry.pdf)
      meta.linked = html(site.linked and site.linked[entry.address])
    end
    meta.sharing = html(site.heads and site.heads[common.address(page)])
    if is_first then
      meta.facts = site.facts
      meta.downloads = site.downloads
      local credits = site.credits or {}
      meta.contact, meta.repository = credits.contact, credits.repository
      meta.cite = site.cite and { line = escape(site.cite.line), url = known(site.cite.url), bibtex = site.cite.bibtex, csl = site.cite.csl }
      meta.licenses = site.licenses
      meta.log = log(place, site)
      local changed = published(site.modified) or meta.published
      meta["data-day"] = changed and changed.words
      if #site.pages > 1 then
        meta.pages = html(others(doc, place, site))
        meta["page-of"] = { sources = place.elsewhere("refs"), derivations = place.elsewhere("derivations") }
      end
    end
    meta.notebooks = (here or is_first) and links or nil
    return doc
  end

  return M
end
