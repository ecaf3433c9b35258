-- The report's own blocks: callouts, key figures, the key to its marks.
return function(common, evidence)
  local M = {}
  local escape, quote, raw, block = common.escape, common.quote, common.raw, common.block

  local CALLOUTS = { note = "Note", tip = "Tip", important = "Important", warning = "Warning", caution = "Caution" }

  local QUOTES = { DoubleQuote = { "\u{201c}", "\u{201d}" }, SingleQuote = { "\u{2018}", "\u{2019}" } }

  local function callout(el)
    for _, class in ipairs(el.classes) do
      local kind = class:match("^callout%-(%a+)$")
      if kind then
        if not CALLOUTS[kind] then
          common.fault("callout " .. class .. " does not exist; use callout-note, -tip, -important, -warning or -caution")
          return nil
        end
        local content = pandoc.Blocks(el.content)
        local title = pandoc.Inlines(common.words(el.attributes["title"] or CALLOUTS[kind]))
        if content[1] and content[1].t == "Header" then
          title = content:remove(1).content
        end
        local out = pandoc.Blocks {}
        -- Raw marks and not a Div of a class: Quarto would make its own callout of it.
        if common.typst then
          local head = pandoc.Inlines { raw("#callout(" .. quote(kind) .. ")[") }
          head:extend(title)
          head:insert(raw("]["))
          out:insert(pandoc.Plain(head))
          out:extend(content)
          out:insert(block("]"))
        else
          -- Not an aside: reader modes leave those out.
          local name = escape(pandoc.utils.stringify(title))
          -- Folded, or open with a way to fold it; on paper it is open.
          local folds = el.attributes.collapse
          local open = folds == "false" and " open" or ""
          out:insert(block('<div class="callout callout-' .. kind .. '" role="note" aria-label="' .. name .. '">'
            .. (folds and "\n<details" .. open .. ">\n<summary>" .. escape(name) .. "</summary>" or "")))
          if not folds then
            out:insert(pandoc.Div({ pandoc.Para(title) }, pandoc.Attr("", { "box-title" })))
          end
          out:extend(content)
          out:insert(block((folds and "</details>\n" or "") .. "</div>"))
        end
        return out
      end
    end
  end

  local TEN, STEP, MOST = 10, 10, 60

  -- As many marks as a figure says, ten to a row, so that it can be counted; `filled` of them, the rest open.
  local function units(filled, all)
    local drawn = { { "", 1, filled, "h0" }, { ' class="rest"', filled + 1, all, "" } }
    local out = {}
    for _, part in ipairs(drawn) do
      local class, from, to, dot = table.unpack(part)
      local path = {}
      for number = from, to do
        local x, y = ((number - 1) % TEN) * STEP + STEP / 2, ((number - 1) // TEN) * STEP + STEP / 2
        if class == "" then
          path[#path + 1] = string.format("M%d %dh0", x, y)
        else
          path[#path + 1] = string.format("M%d %dm-2.8 0a2.8 2.8 0 1 0 5.6 0a2.8 2.8 0 1 0-5.6 0", x, y)
        end
      end
      if #path > 0 then
        out[#out + 1] = "<path" .. class .. ' d="' .. table.concat(path) .. '"></path>'
      end
    end
    local rows = (all - 1) // TEN + 1
    return raw('<svg class="units" aria-hidden="true" viewBox="0 0 100 ' .. rows * STEP .. '">'
      .. table.concat(out) .. "</svg>")
  end

  -- The whole number that a few words say, if they do.
  local function number_in(inlines)
    return tonumber(pandoc.utils.stringify(inlines):match("^%s*(%d+)%s*$") or "")
  end

  -- "**14** of 21": the first value right after "of" is the whole.
  local function whole_after(content)
    local after = false
    for place = 2, math.min(#content, 5) do
      local el = content[place]
      if el.t == "Str" then
        after = el.text == "of"
      elseif el.t == "Span" and after then
        return number_in(el.content)
      elseif el.t ~= "Space" then
        return nil
      end
    end
  end

  -- ::: {.key-figures} with a list; the bold words that start an item are the figure.
  local function key_figures(el)
    if not el.classes:includes("key-figures") then
      return nil
    end
    local list = el.content[1]
    if #el.content ~= 1 or list.t ~= "BulletList" then
      common.fault("a key-figures block holds one list and nothing else")
      return nil
    end
    for _, item in ipairs(list.content) do
      local first = item[1] and item[1].content and item[1].content[1]
      if not first or first.t ~= "Strong" then
        common.fault("each item of a key-figures block starts with its figure in bold: - **29** people …")
        return nil
      end
    end
    if not common.typst then
      for _, item in ipairs(list.content) do
        local content = item[1].content
        local large = pandoc.Inlines { content:remove(1) }
        if content[1] and content[1].t == "RawInline" then
          large:insert(content:remove(1))
        end
        content:insert(1, pandoc.Span(large, pandoc.Attr("", { "large" })))
      end
      return el
    end
    local out = pandoc.Blocks { block("#key-figures(") }
    for _, item in ipairs(list.content) do
      local content = item[1].content
      local strong = content:remove(1)
      local line = pandoc.Inlines { raw("[") }
      line:extend(strong.content)
      line:insert(raw("], ["))
      line:extend(content)
      line:insert(raw("],"))
      out:insert(pandoc.Plain(line))
    end
    out:insert(block(")"))
    return out
  end

  -- Pandoc's writer leaves out the scope of a table's heads.
  local function heads(el)
    if not common.html then
      return nil
    end
    local head = el.head
    for _, row in ipairs(head.rows) do
      for _, cell in ipairs(row.cells) do
        cell.attributes.scope = "col"
      end
    end
    el.head = head
    return el
  end

  -- Before the values get their controls: a key figure of a page shows as many marks as it says.
  function M.count(doc)
    if common.typst then
      return doc
    end
    return doc:walk {
      Div = function(el)
        local list = el.classes:includes("key-figures") and el.content[1]
        if not list or list.t ~= "BulletList" then
          return nil
        end
        for _, item in ipairs(list.content) do
          local content = item[1] and item[1].content
          local figure = content and content[1].t == "Strong" and number_in(content[1].content)
          local whole = figure and (whole_after(content) or figure)
          if figure and figure > 0 and figure <= whole and whole <= MOST then
            content:insert(2, units(figure, whole))
          end
        end
        return el
      end,
    }
  end

  function M.render(doc)
    return doc:walk {
      Table = heads,
      Div = function(el)
        return callout(el) or key_figures(el) or evidence.key(el)
      end,
      -- Written out, because the writers of different versions disagree on who turns quotes into curly ones.
      Quoted = function(el)
        local marks = QUOTES[el.quotetype]
        local out = pandoc.Inlines { pandoc.Str(marks[1]) }
        out:extend(el.content)
        out:insert(pandoc.Str(marks[2]))
        return out
      end,
    }
  end

  return M
end
