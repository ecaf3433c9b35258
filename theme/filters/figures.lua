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

  local function html_table(item, caption, id)
    local out = {}
    local function put(...)
      for _, piece in ipairs { ... } do
        out[#out + 1] = piece
      end
    end
    -- A wide table scrolls in its own box, so it needs a name and must take the focus.
    put('<div class="table-box" role="region" tabindex="0" aria-label="', escape(caption), '">\n<table', id, ">\n")
    put("<caption>", escape(caption), "</caption>\n<thead>\n<tr>")
    for _, column in ipairs(item.columns) do
      put('<th scope="col"', is_number(column) and ' class="number"' or "", ">", escape(column.title or column.name), "</th>")
    end
    put("</tr>\n</thead>\n<tbody>\n")
    for _, row in ipairs(item.cells) do
      put("<tr>")
      for number, column in ipairs(item.columns) do
        local text = escape(row[number])
        if number == 1 then
          put('<th scope="row"', is_number(column) and ' class="number"' or "", ">", text, "</th>")
        else
          put("<td", is_number(column) and ' class="number"' or "", ">", text, "</td>")
        end
      end
      put("</tr>\n")
    end
    put("</tbody>\n</table>\n</div>\n")
    return table.concat(out)
  end

  local function notebook_link(item, place)
    if place.page == item.notebook then
      if place.embedded[item.label] then
        return "In the report", place.up .. "index.html#" .. item.label
      end
      return nil
    end
    return "How this was made", place.up .. item.page .. "#" .. item.label
  end

  local FEW = 4
  -- A table with more rows is an appendix: it opens on the reader's wish.
  local MANY = 60

  local function html_sources(item, place)
    local list = {}
    for _, source in ipairs(item.sources or {}) do
      local text = escape(source.text)
      if known(source.url) then
        text = '<a href="' .. escape(source.url) .. '">' .. text .. "</a>"
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
    local text, href = notebook_link(item, place)
    if text then
      lines[#lines + 1] = '<a href="' .. escape(href) .. '">' .. text .. "</a>"
    end
    local first = #lines > 0 and '<p class="source">' .. table.concat(lines, " ") .. "</p>\n" or ""
    return first .. folded
  end

  -- The comments let the last step put the drawing back as it was: Quarto reads the finished page into a
  -- tree that forgets the case of SVG's names.
  local function drawing(label, name)
    local path = "_build/figures/" .. label .. "/" .. name .. ".svg"
    local svg = common.read(path, "the drawing of " .. label):gsub("^%s*<%?xml.-%?>%s*", "")
    return "<!--svg " .. label .. " " .. name .. "-->" .. svg:gsub("%s+$", "") .. "<!--/svg-->"
  end

  local function html(item, number, place)
    local label = item.label
    local title = M.name(label) .. " " .. number
    local out = {}
    local function put(...)
      for _, piece in ipairs { ... } do
        out[#out + 1] = piece
      end
    end
    local heading = title .. ". " .. item.caption
    put('<figure id="', label, '" class="exhibit exhibit-', item.kind, '" aria-labelledby="', label, '-caption">\n')
    if known(item.takeaway) then
      put('<p class="takeaway">', escape(item.takeaway), "</p>\n")
    end
    if item.kind == "fig" then
      local narrow = item.files.narrow
      put('<div class="chart', narrow and " chart-wide" or "", '">', drawing(label, "page"), "</div>\n")
      if narrow then
        put('<div class="chart chart-narrow">', drawing(label, "page-narrow"), "</div>\n")
      end
    end
    local caption = '<p class="caption" id="' .. label .. '-caption"><span class="number">' .. title .. ".</span> "
      .. escape(item.caption) .. "</p>\n"
    if item.kind == "fig" then
      put("<figcaption>\n", caption, html_sources(item, place))
      put("<details>\n<summary>Data table</summary>\n", html_table(item, "Data of " .. heading, ""), "</details>\n")
      put("</figcaption>\n")
    else
      local long = #item.cells > MANY
      put(long and "<details>\n<summary>Show the whole table</summary>\n" or "", html_table(item, heading, ""), long and "</details>\n" or "")
      put("<figcaption>\n", caption, html_sources(item, place), "</figcaption>\n")
    end
    put("</figure>\n")
    return pandoc.RawBlock("html", table.concat(out))
  end

  local function typst_table(item)
    local align, header, rows = {}, {}, {}
    for i, column in ipairs(item.columns) do
      align[i] = quote(is_number(column) and "right" or "left")
      header[i] = quote(column.title or column.name)
    end
    for _, row in ipairs(item.cells) do
      local cells = {}
      for number, cell in ipairs(row) do
        cells[number] = quote(cell)
      end
      rows[#rows + 1] = "(" .. table.concat(cells, ", ") .. ",)"
    end
    return "sides: (" .. table.concat(align, ", ") .. ",), header: (" .. table.concat(header, ", ") .. ",), rows: ("
      .. table.concat(rows, ",\n    ") .. (#rows > 0 and "," or "") .. ")"
  end

  local function typst(item, number, place)
    local sources = {}
    for _, source in ipairs(item.sources or {}) do
      sources[#sources + 1] = "(" .. quote(source.text) .. ", " .. quote(known(source.url) or "") .. ")"
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

  function M.block(item, number, place)
    if common.typst then
      return typst(item, number, place)
    end
    return html(item, number, place)
  end

  return M
end
