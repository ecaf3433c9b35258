-- The report's own blocks: callouts, key figures, the key to its marks.
return function(common, evidence)
  local M = {}
  local escape, quote = common.escape, common.quote

  local CALLOUTS = { note = "Note", tip = "Tip", important = "Important", warning = "Warning", caution = "Caution" }

  local QUOTES = { DoubleQuote = { "\u{201c}", "\u{201d}" }, SingleQuote = { "\u{2018}", "\u{2019}" } }

  local function raw(text)
    return pandoc.RawInline(FORMAT, text)
  end

  local function block(text)
    return pandoc.RawBlock(FORMAT, text)
  end

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
          local name = escape(pandoc.utils.stringify(title))
          out:insert(block('<aside class="callout callout-' .. kind .. '" aria-label="' .. name .. '">'))
          out:insert(pandoc.Div({ pandoc.Para(title) }, pandoc.Attr("", { "box-title" })))
          out:extend(content)
          out:insert(block("</aside>"))
        end
        return out
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
      return nil
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

  -- A table's heads say what they head. Pandoc's writer leaves that out.
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
