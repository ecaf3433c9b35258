-- What an author may write on a page. Nothing else reaches it: no HTML of their own, no attribute that could run or
-- fetch something, no address with a scheme that does.
--
-- Used on what Pandoc read, before any other filter: when a page is made, by either engine, and when its prose is
-- checked, which knows lines and cells. Returns the page without comments, and {what, value, remedy, key}
-- for each part that is refused.
local M = {}

local function set(words)
  local out = {}
  for word in words:gmatch("%S+") do
    out[word] = true
  end
  return out
end

-- Attributes besides id and classes.
local ATTRIBUTES = set "lang dir title ref aria-label aria-description alt"
local OF = {
  Link = set "hreflang rel type",
  Image = set "width height fig-alt fig-cap",
  CodeBlock = set "startFrom",
  Div = set "when-format unless-format collapse",
  Span = set "when-format unless-format",
}
-- What Quarto's reader and ours put on shortcodes and cells.
local OURS = set [[data-value data-raw data-is-shortcode execution_count data-execution_count fig-cap fig-alt tbl-cap
  notebook notebook-title notebook-cellId]]
local SCHEMES = set "http https mailto"
local SIZE = "^%d+%.?%d*%a*%%?$"
local ALLOWED = "Take it out: besides an id and classes there are lang, dir, title, ref, alt, aria-label, for links rel, "
  .. "type, hreflang, for pictures width, height."

local function short(text)
  text = text:gsub("%s+", " ")
  local stop = #text > 80 and utf8.offset(text, 80) or nil
  return stop and text:sub(1, stop - 1) .. "…" or text
end

-- The scheme of an address as a browser reads it, which skips control characters and spaces.
local function scheme(address)
  return address:gsub("[%c%s]", ""):lower():match("^([^/?#]-):")
end

-- A comment is for whoever reads the source.
local function comment(text)
  return text:match("^%s*<!%-%-[^>]-%-%->%s*$") ~= nil
end

-- Whether an element stands in one format alone.
local function conditional(el)
  return el.classes and (el.classes:includes("content-visible") or el.classes:includes("content-hidden"))
end

function M.check(doc)
  local refused = {}
  -- `key` is what stands in the source.
  local function refuse(what, value, remedy, key)
    refused[#refused + 1] = { what = what, value = short(value), remedy = remedy, key = key or value }
  end

  local function attributes(el, kind)
    local own = OF[kind] or {}
    -- The body of a table has them under `attr` alone, before Pandoc 3.7.
    for name, value in pairs(el.attributes or el.attr and el.attr.attributes or {}) do
      local known = ATTRIBUTES[name] or own[name] or OURS[name] or name:match("^data%-place%-") or name:match("^data%-output%-")
      if not known and conditional(el) then
        local what = "a part that is shown or hidden names " .. name .. "; only when-format and unless-format are known"
        refuse(what, name .. '="' .. value .. '"', "Take it out.", name .. "=")
      elseif not known then
        refuse("a page may not have this attribute", name .. '="' .. value .. '"', ALLOWED, name .. "=")
      elseif (name == "width" or name == "height") and not value:match(SIZE) then
        refuse("this is no size", name .. '="' .. value .. '"', 'Write a number with its unit, such as width="50%".', name .. "=")
      end
    end
  end

  local function address(el, target)
    local kind = scheme(target)
    if el.t == "Image" and (kind or target:match("^[%c%s]*[/\\][/\\]")) then
      refuse("a page may not load a picture from elsewhere", target, "Put the picture's file beside the page.")
    elseif kind and not SCHEMES[kind] then
      refuse("a link has a scheme that no reader can follow", target, "Link to http, https or mailto, or to a place of the report.")
    end
  end

  local function raw(el)
    if comment(el.text) then
      return {}
    end
    refuse("only the page or only the PDF would print this", el.text, "Write it as Markdown, which both print.")
    return nil
  end

  local function any(el)
    attributes(el, el.t)
    if el.t == "Link" then
      address(el, el.target)
    elseif el.t == "Image" then
      address(el, el.src)
    end
  end

  local function rows(list)
    for _, row in ipairs(list) do
      attributes(row, "Row")
      for _, cell in ipairs(row.cells) do
        attributes(cell, "Cell")
      end
    end
  end

  local function parts(el)
    any(el)
    if el.attr.identifier:match("^tbl%-") then
      local remedy = "Take the label out, or show the table from a notebook, with Table(...)."
      refuse("a table that is typed has no number", "#" .. el.attr.identifier, remedy)
    end
    attributes(el.head, "Head")
    rows(el.head.rows)
    for _, body in ipairs(el.bodies) do
      attributes(body, "Body")
      rows(body.head)
      rows(body.body)
    end
    attributes(el.foot, "Foot")
    rows(el.foot.rows)
  end

  -- Its signs would come from another host, and the PDF would have them without words.
  local function math(el)
    refuse("a page sets no formulas", el.text, "Write it in words, or show a picture of it.")
  end

  local filter = { RawInline = raw, RawBlock = raw, Math = math, Inline = any, Block = any, Table = parts }
  local function meta(value)
    local kind = pandoc.utils.type(value)
    if kind == "Inlines" or kind == "Blocks" then
      return value:walk(filter)
    elseif kind == "List" or kind == "table" then
      for key, part in pairs(value) do
        value[key] = meta(part)
      end
    end
    return value
  end
  for key, value in pairs(doc.meta) do
    doc.meta[key] = meta(value)
  end
  doc.blocks = doc.blocks:walk(filter)
  return doc, refused
end

return M
