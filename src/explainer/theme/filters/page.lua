-- What the templates need to know about this page: title, contents, ways to the other pages, style, stamp.
return function(common, shortcodes)
  local M = {}

  function M.headings(doc)
    -- The title is the page's only level one; in the PDF it is no heading, so sections are level one there.
    local shift = (common.typst and 1 or 2) - common.top(doc)
    return doc:walk {
      Header = function(el)
        el.level = math.min(6, el.level + shift)
        return el
      end,
    }
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
  local function for_print(doc, site, plain, description)
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
    meta["document-title"] = code(common.quote(plain))
    meta["document-description"] = code(common.quote(description))
    local authors = {}
    for _, author in ipairs(pandoc.utils.type(meta.author) == "List" and meta.author or { meta.author }) do
      authors[#authors + 1] = common.quote(pandoc.utils.stringify(author)) .. ", "
    end
    meta["document-author"] = code("(" .. table.concat(authors) .. ")")
    local year, month, day = parts(site.date)
    meta["document-date"] = code(
      year and ("datetime(year: " .. year .. ", month: " .. month .. ", day: " .. day .. ")") or "none"
    )
  end

  local MONTHS = { "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December" }

  local function published(site)
    local year, month, day = parts(site.date)
    return year and { iso = site.date, words = MONTHS[tonumber(month)] .. " " .. day .. ", " .. year } or nil
  end

  function M.finish(doc, page, site)
    local meta, up = doc.meta, common.up(page)
    local plain = meta.title and pandoc.utils.stringify(meta.title) or ""
    local description = meta.description or meta.subtitle or meta.abstract
    description = description and pandoc.utils.stringify(description):gsub("%s+", " ") or plain
    meta.description = description
    meta.pagetitle = plain
    meta.stamp = site.stamp
    if page:match("%.qmd$") then
      meta.published = published(site)
    end
    if common.typst then
      for_print(doc, site, plain, description)
      return doc
    end
    meta.style = pandoc.MetaBlocks {
      pandoc.RawBlock("html", "<style>\n" .. site.css:gsub("@up@", function()
        return up
      end) .. "\n</style>"),
    }
    meta.script = site.script and up .. site.script or nil
    -- Key figures that open the page are as wide as its head.
    local first = doc.blocks[1]
    if first and first.t == "Div" and first.classes:includes("key-figures") then
      meta.opening = pandoc.MetaBlocks { doc.blocks:remove(1) }
    end
    local items = contents(doc)
    if #items > 2 then
      meta.contents = pandoc.MetaBlocks { pandoc.BulletList(items) }
    end
    meta.up = up
    if common.known(site.home) then
      local address = common.address(page)
      meta.canonical = site.home .. (address == "index.html" and "" or address)
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
      meta.notebook = { number = tostring(here), count = tostring(#links), file = page:match("[^/]+$") }
      meta.pagetitle = plain .. " – " .. site.title
      meta.report = { title = site.title, href = up .. "index.html" }
      meta.previous = links[here - 1]
      meta.next = links[here + 1]
    else
      meta.pdf = site.pdf
      meta.facts = site.facts
      meta.data = site.data
      for key, text in pairs { sharing = site.head, linked = site.linked } do
        meta[key] = pandoc.MetaBlocks { pandoc.RawBlock("html", text) }
      end
    end
    meta.notebooks = links
    return doc
  end

  return M
end
