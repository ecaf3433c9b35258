-- Put figures and tables in their places, number them, and turn @fig-x, @tbl-x and @sec-x into links.
return function(common, figures)
  local M = {}

  -- Figures and tables are most of a page's bytes, and each step would pass them from Pandoc to Lua and back. So
  -- a mark stands in their places until the last step.
  local EXHIBIT = "exhibit "

  -- `place`: as common.place gives it, with the numbers of the page's figures and tables, and whether it has a list
  -- of sources, to which those of its figures and tables lead.
  function M.fill(doc, place, site)
    place.shown = site.shown
    doc.blocks = doc.blocks:walk {
      RawBlock = function(el)
        local label = el.text:sub(1, #EXHIBIT) == EXHIBIT and el.text:sub(#EXHIBIT + 1)
        return label and figures.block(label, place.numbers[label], place) or nil
      end,
    }
    return doc
  end

  -- The label of a code cell. Quarto writes it on the cell ("tbl-x", "cell-fig-x"), or only on the figure
  -- within, as it does for Typst.
  local function label_of(cell)
    local own = cell.identifier:gsub("^cell%-", "")
    if figures.is_label(own) then
      return own
    end
    local label
    local function look(el)
      if figures.is_label(el.identifier) then
        label = el.identifier
      end
    end
    cell.content:walk { Figure = look, Image = look, Div = look }
    return label
  end

  -- Those of the report are numbered through all its pages, and have these numbers in notebooks, too. What only a
  -- notebook shows is counted on from there.
  function M.place(doc, page, site)
    local report = page:match("%.qmd$") ~= nil
    local numbers, counts, anchors = {}, { Figure = 0, Table = 0 }, {}
    for label in pairs(site.shown) do
      local name = figures.name(label)
      counts[name] = math.max(counts[name], common.number_of(site, label))
    end
    for _, notebook in ipairs(site.notebooks) do
      if notebook.path == page then
        anchors = notebook.anchors or {}
      end
    end

    local function count(label)
      local name = figures.name(label)
      numbers[label] = common.number_of(site, label)
      if not numbers[label] then
        counts[name] = counts[name] + 1
        numbers[label] = counts[name]
      end
    end

    local function exhibit(label)
      count(label)
      return { pandoc.RawBlock(FORMAT, EXHIBIT .. label) }
    end

    -- A code cell: its code stays (in a notebook's page), its labeled output becomes ours.
    local function cell(el)
      local label = label_of(el)
      local kept, shown = pandoc.Blocks {}, false
      for _, block in ipairs(el.content) do
        local is_display = block.t == "Div" and block.classes:includes("cell-output-display")
        if label and is_display then
          if not shown then
            kept:extend(exhibit(label))
            shown = true
          end
        elseif block.t == "Div" then
          local attr = pandoc.Attr("", block.classes)
          if common.html and is_display and block.content[1] and block.content[1].t == "Table" then
            -- A wide frame scrolls in its box, so the box must take the focus and have a name. As pairs: the
            -- keys of a Lua table come in any order.
            attr = pandoc.Attr("", block.classes, { { "role", "group" }, { "tabindex", "0" }, { "aria-label", "Output" } })
          end
          kept:insert(pandoc.Div(block.content, attr))
        elseif block.t == "CodeBlock" then
          kept:insert(pandoc.CodeBlock(block.text, pandoc.Attr("", { "python", "cell-code" })))
        else
          kept:insert(block)
        end
      end
      if report then
        return kept
      end
      return { pandoc.Div(kept, pandoc.Attr(anchors[el.attributes.execution_count] or "", { "cell" })) }
    end

    -- The wrapper of an embed has the notebook's absolute path; its content is what counts. In a walk of its
    -- own, so that the next one meets everything in the order of the page.
    doc.blocks = doc.blocks:walk {
      Div = function(el)
        if el.classes:includes("quarto-embed-nb-cell") then
          return el.content
        end
      end,
    }
    doc.blocks = doc.blocks:walk {
      traverse = "topdown",
      Div = function(el)
        if el.classes:includes("cell") then
          return cell(el), false
        elseif figures.is_label(el.identifier) then
          return exhibit(el.identifier), false
        end
      end,
      Figure = function(el)
        if figures.is_label(el.identifier) and figures.is_of_notebook(el.identifier) then
          return exhibit(el.identifier), false
        elseif figures.is_label(el.identifier) then
          count(el.identifier)
        end
      end,
    }
    return doc, numbers
  end

  function M.link(doc, numbers, page, site)
    local place, sections = common.place(page, site), {}
    doc.blocks:walk {
      Header = function(el)
        if el.identifier ~= "" then
          sections[el.identifier] = el.content
        end
      end,
    }
    -- What is referred to: a number or the words of a heading, and the address of another page that has it.
    local function target(id)
      local own = figures.is_label(id) and numbers[id] or sections[id]
      local other = place.is_report and (site.shown[id] or site.sections[id])
      if own or not other then
        return own
      end
      return common.number_of(site, id) or common.words(other.title), other.page
    end
    -- Paper says which document has it.
    local function of_page(address)
      for _, one in ipairs(site.pages) do
        if one.address == address then
          return common.words(" in \u{201c}" .. one.title .. "\u{201d}")
        end
      end
    end
    local function link_to(id, found, mode, address)
      local content = found
      if type(found) == "number" then
        local number = tostring(found)
        content = pandoc.Inlines {
          pandoc.Str(mode == "SuppressAuthor" and number or (figures.name(id) .. "\u{a0}" .. number)),
        }
      end
      local link = pandoc.Link(content, address and place.link(address, id) or "#" .. id, "", pandoc.Attr("", { "ref" }))
      local out = pandoc.Inlines { link }
      if address and common.typst then
        out:extend(of_page(address))
      end
      return out
    end
    -- The words that stand in the brackets with a reference: [see @fig-x, left].
    local function around(citation, link)
      local out = pandoc.Inlines(citation.prefix)
      if #out > 0 then
        out:insert(pandoc.Space())
      end
      out:extend(link)
      out:extend(citation.suffix)
      return out
    end
    return doc:walk {
      Cite = function(el)
        -- "@fig-x [@source]" is one Cite to Pandoc; what is no reference of ours stays for citeproc.
        local out, others = pandoc.Inlines {}, pandoc.List {}
        for _, citation in ipairs(el.citations) do
          local id = citation.id
          if figures.is_label(id) or id:match("^sec%-") then
            local found, address = target(id)
            if not found then
              -- The build step has checked that it is somewhere: it is left out of this format.
              common.fault("@" .. id .. " is not in this page's " .. (common.typst and "PDF" or "HTML") .. ", and on no other page")
              return nil
            end
            if #out > 0 then
              out:extend { pandoc.Str(","), pandoc.Space() }
            end
            out:extend(around(citation, link_to(id, found, citation.mode, address)))
          else
            others:insert(citation)
          end
        end
        if #out == 0 then
          return nil
        end
        if #others > 0 then
          out:extend { pandoc.Space(), pandoc.Cite(pandoc.Inlines {}, others) }
        end
        return out
      end,
      -- To the source of a page: it leads to the page.
      Link = function(el)
        local name, id = el.target:match("^([^/#]+)%.qmd#?(.*)$")
        if name then
          el.target = id == "" and place.base .. name .. ".html" or place.link(name .. ".html", id)
          return el
        end
      end,
    }
  end

  return M
end
