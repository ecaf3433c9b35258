-- Reads a Markdown text from standard input, and writes it as HTML whose words are the author's, to standard output,
-- as JSON: {html = …, refused = …} or {error = …}. Each key of the front matter is in a <header>, the rest in an
-- <article>. Its argument is the filter that says what is refused.
local GAP = "\u{fffc}" -- stands where the report's own filters write the words

local options = pandoc.WriterOptions { html_math_method = "katex", wrap_text = "none" }

-- What an author may not write is found by the filter that no page gets past.
local gate = dofile(arg[1])

local author = {}

-- The words in the brackets are the author's; names and numbers of sources and figures are not.
function author.Cite(el)
  local out = pandoc.Inlines {}
  for number, citation in ipairs(el.citations) do
    local words = citation.prefix .. { pandoc.Str((#citation.prefix > 0 and " " or "") .. GAP) }
    words:extend(#citation.suffix > 0 and { pandoc.Space(), table.unpack(citation.suffix) } or {})
    out:extend { pandoc.Str(number > 1 and "; " or ""), pandoc.Span(words, { ["data-cite"] = citation.id }) }
  end
  return out
end

-- In an attribute, raw HTML cannot close or hide what is around it.
local function quoted(build)
  return function(el)
    return el.format:match("^html") and build({}, { ["data-raw"] = el.text }) or {}
  end
end
author.RawInline, author.RawBlock = quoted(pandoc.Span), quoted(pandoc.Div)

-- The writer drops the ids of headings in blocks.
function author.Header(el)
  el.attributes["data-id"] = el.identifier
  return el
end

-- As words: the writer would cut code into colored spans.
function author.CodeBlock(el)
  return pandoc.Para(el.text)
end

-- Of some classes, the writer makes other elements.
function author.Code(el)
  return pandoc.Code(el.text)
end

function author.Span(el)
  el.classes = el.classes:filter(function(class)
    return class == "fact" or class:match("^quarto%-shortcode__") ~= nil
  end)
  return el
end

-- HTML has one title; Markdown can give two.
local function titled(el)
  el.title = el.title .. " " .. (el.attributes.title or "")
  el.attributes.title = nil
  return el
end
author.Link, author.Image = titled, titled

-- A note stands behind the block that refers to it.
function author.Blocks(blocks)
  local out = pandoc.Blocks {}
  for _, block in ipairs(blocks) do
    local notes = pandoc.Blocks {}
    out:insert(block:walk {
      Note = function(el)
        notes:extend(el.content)
        return pandoc.Str(GAP)
      end,
    })
    out:extend(notes)
  end
  return out
end

local function html(blocks)
  return pandoc.write(pandoc.Pandoc(pandoc.Blocks(blocks):walk(author)), "html", options)
end

local function to_blocks(value)
  local kind = pandoc.utils.type(value)
  if kind == "Blocks" then
    return value
  elseif kind == "Inlines" then
    return { pandoc.Plain(value) }
  elseif kind ~= "List" and kind ~= "table" then
    return { pandoc.Plain(pandoc.Str(tostring(value))) }
  end
  local out = pandoc.Blocks {}
  for _, part in pairs(value) do
    out:extend(to_blocks(part))
  end
  return out
end

-- What the front matter says stands in the text, as if it had been written there.
local function with_meta(doc)
  doc.blocks = doc.blocks:walk {
    Span = function(el)
      local name, key = el.content[1], el.content[3]
      if el.classes:includes("quarto-shortcode__") and key and name.attributes["data-value"] == "meta" then
        local value = doc.meta[key.attributes["data-value"]]
        return pandoc.utils.type(value) == "Inlines" and value or { pandoc.Str(value and pandoc.utils.stringify(value) or "") }
      end
    end,
  }
end

-- The cell that a block is of; none on the page.
local function place(block)
  for name, value in pairs(block.attributes or {}) do
    if name:match("^data%-place%-") then
      return value
    end
  end
end

local function refused(doc)
  local _, out = gate.check(pandoc.Pandoc({}, doc.meta))
  for _, block in ipairs(doc.blocks) do
    local _, parts = gate.check(pandoc.Pandoc { block })
    for _, part in ipairs(parts) do
      part.place = place(block)
      out[#out + 1] = part
    end
  end
  return pandoc.List(out)
end

local function convert(text)
  local doc = pandoc.read(text, "markdown")
  local list = refused(doc)
  with_meta(doc)
  local parts = pandoc.List {}
  for key, value in pairs(doc.meta) do
    parts:insert('<header data-key="' .. key:gsub('[&<"]', "") .. '">' .. html(to_blocks(value)) .. "</header>")
  end
  parts:sort()
  parts:insert("<article>" .. html(doc.blocks) .. "</article>")
  return { html = table.concat(parts, "\n"), refused = list }
end

local is_read, result = pcall(convert, io.read("a"))
io.write(pandoc.json.encode(is_read and result or { error = tostring(result) }))
