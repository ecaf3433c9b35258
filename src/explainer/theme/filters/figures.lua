-- Figures and tables: from what the build step collected, the same parts in the same order for the
-- page and for print: takeaway, chart, caption, sources, data.
return function(common)
  local M = {}
  local escape, quote, known = common.escape, common.quote, common.known
  local NAMES = { fig = "Figure", tbl = "Table" }

  function M.name(label)
    return NAMES[label:match("^(%a+)%-")]
  end

  function M.is_label(id)
    return id ~= nil and id:match("^fig%-.") ~= nil or id ~= nil and id:match("^tbl%-.") ~= nil
  end

  function M.all()
    return common.json("_build/figures.json", "the figures and tables of the notebooks")
  end

  local function is_number(column)
    local kind = column.type
    return kind == "number" or kind == "integer"
  end

  -- Values that must not be broken over lines, such as months.
  local SHORT = 12

  -- The class of every column's cells, as it stands in the mark-up.
  local function column_classes(item)
    local classes = {}
    for number, column in ipairs(item.columns) do
      local class = is_number(column) and "number" or "short"
      for _, row in ipairs(item.cells) do
        if class == "short" and utf8.len(row[number]) > SHORT then
          class = nil
        end
      end
      classes[number] = class and ' class="' .. class .. '"' or ""
    end
    return classes
  end

  -- Where the words of a cell lead to.
  local function address(item, row, column)
    local links = known(item.links)
    return links and links[row] and known(links[row][column.name])
  end

  local function html_table(item, caption, id)
    local out = {}
    local put = common.adder(out)
    local classes = column_classes(item)
    -- A wide table scrolls in its own box, so it needs a name and must take the focus.
    put('<div class="table-box" role="region" tabindex="0" aria-labelledby="', item.label, '-caption">\n<table', id, ">\n")
    put("<caption>", escape(caption), "</caption>\n<thead>\n<tr>")
    for number, column in ipairs(item.columns) do
      put('<th scope="col"', is_number(column) and classes[number] or "", ">", escape(column.title or column.name), "</th>")
    end
    put("</tr>\n</thead>\n<tbody>\n")
    local above
    for at, row in ipairs(item.cells) do
      put("<tr>")
      for number, column in ipairs(item.columns) do
        local text = escape(row[number])
        local url = address(item, at, column)
        if url then
          text = '<a href="' .. escape(url) .. '">' .. text .. "</a>"
        end
        if number > 1 then
          put("<td", classes[number], ">", text, "</td>")
        elseif text == above and item.kind == "tbl" then
          -- A question with several answers is asked once; each row still has its heading.
          put('<th scope="row" class="again"><span class="status">', text, "</span></th>")
        else
          put('<th scope="row"', classes[number], ">", text, "</th>")
        end
      end
      above = escape(row[1])
      put("</tr>\n")
    end
    put("</tbody>\n</table>\n</div>\n")
    return table.concat(out)
  end

  local function notebook_link(item, place)
    if place.page == item.notebook then
      if place.embedded:includes(item.label) then
        return "In the report", place.up .. "index.html#" .. item.label
      end
      return nil
    end
    return "How this was made", place.up .. item.page .. "#" .. item.label
  end

  local FEW = 4
  -- A table with more rows is an appendix: it opens on the reader's wish.
  local MANY = 60

  -- Where the page ends with a list of sources, that has the title, the doubt and the address of each.
  local function html_sources(item, listed)
    local list = {}
    for _, source in ipairs(item.sources or {}) do
      local text = escape(listed and source.name or source.text)
      local url = listed and "#ref-" .. source.id or known(source.url)
      if url then
        text = '<a href="' .. escape(url) .. '">' .. text .. "</a>"
      end
      list[#list + 1] = text
    end
    local lines, folded = {}, ""
    if known(item.note) then
      lines[#lines + 1] = escape(item.note)
    end
    if #list > FEW then
      folded = '<details class="sources">\n<summary>Sources</summary>\n<p class="source">'
        .. table.concat(list, "; ") .. ".</p>\n</details>\n"
    elseif #list > 0 then
      lines[#lines + 1] = (#list == 1 and "Source: " or "Sources: ") .. table.concat(list, "; ") .. "."
    end
    local first = #lines > 0 and '<p class="source">' .. table.concat(lines, " ") .. "</p>\n" or ""
    return first .. folded
  end

  -- The comments let the last step put the drawing back as it was: Quarto reads the finished page into a
  -- tree that forgets the case of SVG's names.
  local function drawing(label, name)
    local path = "_build/figures/" .. label .. "/" .. name .. ".svg"
    local svg = common.read(path, "the drawing of " .. label):gsub("^%s*<%?xml.-%?>%s*", "")
    return "<!--svg " .. label .. " " .. name .. "-->" .. svg:gsub("%s+$", "") .. "<!--/svg-->", svg
  end

  -- A drawing made wider than the text, or a table of many columns, reaches into the margin. Numbers and short
  -- words have room in the text, and on a phone too.
  local TEXT, COLUMNS = 760, 4
  local function is_wide(item, svg)
    if item.kind == "tbl" then
      local long = 0
      for number, class in ipairs(column_classes(item)) do
        long = long + (number > 1 and class == "" and 1 or 0)
      end
      return #item.columns >= COLUMNS and long > 0
    end
    return (tonumber(svg:match('viewBox="0 0 ([%d.]+)')) or 0) > TEXT
  end

  -- Where the files of a figure are kept: what the build step wrote for it.
  local FILES = { { "csv", "CSV" }, { "svg", "SVG" }, { "png", "PNG" }, { "spec", "Vega-Lite" } }

  -- What makes a frame as high as its content is the same for all charts, so the page says it once; its script
  -- gives it to the others.
  local sized = false
  local function embed_code(item)
    if sized then
      return (item.embed_code:gsub("\n.*", ""))
    end
    sized = true
    return item.embed_code
  end

  -- The quiet row under a figure or table. Each control says whose it is, to those who meet it out of its place.
  local function tools(item, title, place, data)
    local kept = known(item.downloads) or {}
    local site = common.json("_build/site.json", "titles, style and variables")
    local of = '<span class="status"> of ' .. title .. "</span>"
    local out = {}
    local put = common.adder(out)
    if item.kind == "fig" and kept.script and known(site.vega) then
      put('<button type="button" class="explore" data-chart="', item.label, '" data-script="', escape(place.up .. kept.script.path),
        '" data-vega="', escape(place.up .. site.vega.path), '" hidden><span class="explore-name">Explore this chart</span><span class="status">, ', title, "</span></button>\n")
    end
    put(data)
    for _, file in ipairs(FILES) do
      local found = kept[file[1]]
      if found then
        put('<a href="', escape(place.up .. found.path), '" download>', file[2], of, "</a>\n")
      end
    end
    -- Not a textarea: for each of them, a browser lays out all that is around it before it shows the page.
    if kept.embed and known(item.embed_code) then
      put('<details class="embed">\n<summary>Embed<span class="status"> ', title, '</span></summary>\n<code role="textbox" aria-multiline="true" aria-readonly="true" tabindex="0" aria-label="Code to embed ',
        title, '" data-embed="', escape(place.up .. kept.embed.path), '">', escape(embed_code(item)), "</code>\n</details>\n")
    end
    local text, href = notebook_link(item, place)
    if text then
      put('<a href="', escape(href), '">', text, '<span class="status">: ', title, "</span></a>\n")
    end
    return #out > 0 and '<div class="tools">\n' .. table.concat(out) .. "</div>\n" or ""
  end

  local function html(item, number, place)
    local label = item.label
    local title = M.name(label) .. " " .. number
    local heading = title .. ". " .. item.caption
    local shown, data, wide = "", "", false
    if item.kind == "fig" then
      local narrow = item.files.narrow
      local drawn, svg = drawing(label, "page")
      wide = is_wide(item, svg)
      shown = '<div class="chart' .. (narrow and " chart-wide" or "") .. '">' .. drawn .. "</div>\n"
      if narrow then
        shown = shown .. '<div class="chart chart-narrow">' .. drawing(label, "page-narrow") .. "</div>\n"
      end
      data = '<details class="data">\n<summary>Data table<span class="status"> of ' .. title .. "</span></summary>\n"
        .. html_table(item, "Data of " .. heading, "") .. "</details>\n"
    else
      wide = is_wide(item)
      shown = html_table(item, heading, "")
      if #item.cells > MANY then
        shown = "<details>\n<summary>Show the whole table</summary>\n" .. shown .. "</details>\n"
      end
    end
    local out = { '<figure id="', label, '" class="exhibit exhibit-', item.kind, wide and " exhibit-wide" or "", '" aria-labelledby="', label, '-caption">\n' }
    local put = common.adder(out)
    if known(item.takeaway) then
      put('<p class="takeaway">', escape(item.takeaway), "</p>\n")
    end
    put(shown, '<figcaption>\n<div class="about">\n<p class="caption" id="', label, '-caption"><span class="number">', title, ".</span> ",
      escape(item.caption), "</p>\n", html_sources(item, place.listed), "</div>\n", tools(item, title, place, data), "</figcaption>\n</figure>\n")
    return pandoc.RawBlock("html", table.concat(out))
  end

  local function typst_table(item)
    local align, header, rows = {}, {}, {}
    for i, column in ipairs(item.columns) do
      align[i] = quote(is_number(column) and "right" or "left")
      header[i] = quote(column.title or column.name)
    end
    for at, row in ipairs(item.cells) do
      local cells = {}
      for number, cell in ipairs(row) do
        local url = address(item, at, item.columns[number])
        cells[number] = url and "(" .. quote(cell) .. ", " .. quote(url) .. ")" or quote(cell)
      end
      rows[#rows + 1] = "(" .. table.concat(cells, ", ") .. ",)"
    end
    return "sides: (" .. table.concat(align, ", ") .. ",), header: (" .. table.concat(header, ", ") .. ",), rows: ("
      .. table.concat(rows, ",\n    ") .. (#rows > 0 and "," or "") .. ")"
  end

  local function typst(item, number, place)
    local sources = {}
    for _, source in ipairs(item.sources or {}) do
      sources[#sources + 1] = "(" .. quote(place.listed and source.name or source.text) .. ", " .. quote(known(source.url) or "") .. ")"
    end
    local text, href = notebook_link(item, place)
    local arguments = {
      "id: " .. quote(item.label),
      "name: " .. quote(M.name(item.label) .. " " .. number),
      "takeaway: " .. quote(known(item.takeaway) or ""),
      "caption: " .. quote(item.caption),
      "note: " .. quote(known(item.note) or ""),
      "sources: (" .. table.concat(sources, ", ") .. (#sources > 0 and "," or "") .. ")",
      "more: (" .. quote(text or "") .. ", " .. quote(href or "") .. ")",
      typst_table(item),
    }
    if item.kind == "fig" then
      table.insert(arguments, "alt: " .. quote(item.alt))
      -- From the project's root, which both engines give to Typst.
      table.insert(arguments, "drawing: " .. quote("/_build/figures/" .. item.label .. "/print.svg"))
    end
    return pandoc.RawBlock("typst", "#exhibit(\n  " .. table.concat(arguments, ",\n  ") .. ",\n)")
  end

  -- The ids of the sources that figures and tables with these labels name.
  function M.sources(labels)
    local ids = {}
    for label in pairs(labels) do
      for _, source in ipairs(M.all()[label].sources or {}) do
        ids[#ids + 1] = source.id
      end
    end
    table.sort(ids)
    return ids
  end

  function M.block(item, number, place)
    if common.typst then
      return typst(item, number, place)
    end
    return html(item, number, place)
  end

  return M
end
