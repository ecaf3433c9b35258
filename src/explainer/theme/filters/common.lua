-- What every filter here needs: where the project is, what the build step left for it, how to stop.
local M = {}

-- Quarto and Pandoc both start in the folder of the page, and _quarto.yml is in it or above it.
local function find_root()
  local folder = pandoc.system.get_working_directory()
  while true do
    local marker = io.open(pandoc.path.join { folder, "_quarto.yml" }, "r")
    if marker then
      marker:close()
      return folder
    end
    local above = pandoc.path.directory(folder)
    if above == folder then
      io.stderr:write("_quarto.yml: is missing, in this folder and above it. Put it back.\n")
      os.exit(1)
    end
    folder = above
  end
end

M.root = find_root()
M.html = FORMAT:match("^html") ~= nil
M.typst = FORMAT:match("^typst") ~= nil

if not (M.html or M.typst) then
  io.stderr:write("_quarto.yml: the format ", FORMAT, " is not made; a page is made as html, and as typst for its PDF. ",
    "Render the report without --to, or with --to html or --to typst.\n")
  os.exit(1)
end

local faults = {}

-- Note one fault of the page; `stop_if_faulty` prints all of them at once.
function M.fault(message)
  for _, known in ipairs(faults) do
    if known == message then
      return
    end
  end
  faults[#faults + 1] = message
end

function M.faulty()
  return #faults > 0
end

-- End the render. os.exit and not error(), which would show an editor a Lua stack.
function M.stop_if_faulty(page)
  if #faults == 0 then
    return
  end
  for _, message in ipairs(faults) do
    io.stderr:write(page, ": ", message, "\n")
  end
  os.exit(1)
end

function M.read(path, purpose)
  local file = io.open(pandoc.path.join { M.root, path }, "rb")
  if not file then
    io.stderr:write(path, ": cannot be read; it holds ", purpose, ". Run `explainer pre-render`.\n")
    os.exit(1)
  end
  local text = file:read("a")
  file:close()
  return text
end

local cache = {}
function M.json(path, purpose)
  if not cache[path] then
    cache[path] = pandoc.json.decode(M.read(path, purpose), false)
  end
  return cache[path]
end

-- JSON's null arrives as a userdata, which is true in a condition.
function M.known(value)
  if value == nil or type(value) == "userdata" or value == "" then
    return nil
  end
  return value
end

-- The page as people name it: "index.qmd", "notebooks/2-timeline.ipynb".
function M.page_of(doc)
  local named = doc.meta["explainer-page"]
  if named then
    return pandoc.utils.stringify(named)
  end
  if quarto and quarto.doc and quarto.doc.input_file then
    local file = quarto.doc.input_file:gsub("\\", "/")
    local root = M.root:gsub("\\", "/")
    if file:sub(1, #root) == root then
      return file:sub(#root + 2)
    end
    return file
  end
  return "index.qmd"
end

-- From this page back to the report's folder: "" or "../".
function M.up(page)
  local _, depth = page:gsub("/", "")
  return string.rep("../", depth)
end

-- The page's address in the report.
function M.address(page)
  return (page:gsub("%.[^./]+$", ".html"))
end

-- The number of a figure or table of the report, if it shows it.
function M.number_of(site, label)
  local shown = site.shown[label]
  return shown and math.tointeger(shown.number)
end

-- What depends on the page: the way from it to the others, and which of them holds what it leads to.
function M.place(page, site)
  local own = M.address(page)
  local place = { page = page, up = M.up(page), is_report = page:match("%.qmd$") ~= nil }
  -- From paper an address is whole where the report's own is known.
  place.base = M.typst and M.known(site.home) or place.up

  -- A place on the page at an address of the report.
  function place.link(address, id)
    return (address == own and "" or place.base .. address) .. "#" .. id
  end

  -- The page that holds a list ("refs", "derivations", "corrections") in place of this one; nil if none does.
  function place.elsewhere(list)
    local address = place.is_report and M.known(site.lists[list])
    return address and address ~= own and address or nil
  end

  -- Whether the others leave a list to this page.
  function place.is_list_of(list)
    return place.is_report and site.lists[list] == own
  end

  -- What a link in Typst leads to: a place of this document or an address.
  function place.target(address, id)
    return address and M.quote(place.link(address, id)) or "label(" .. M.quote(id) .. ")"
  end
  return place
end

-- The level of the page's sections, for one that is added to it.
function M.top(doc)
  local top
  doc.blocks:walk {
    Header = function(el)
      top = math.min(top or el.level, el.level)
    end,
  }
  return top or 2
end

local entities = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;", ["'"] = "&#39;" }
function M.escape(text)
  return (tostring(text):gsub("[&<>\"']", entities))
end

-- White space as Pandoc has it.
local function spaced(text)
  return (tostring(text):gsub("%s+", " "))
end

-- Plain text as HTML.
function M.plain(text)
  return M.escape(spaced(text))
end

-- A link to the place it stands at, for whoever wants its address. Its sign is the style sheet's: no word of the text.
function M.here(id)
  return pandoc.RawInline("html", '<a class="here" href="#' .. M.escape(id) .. '" aria-label="Address"></a>')
end

-- Text in the language of the output.
function M.raw(text)
  return pandoc.RawInline(FORMAT, text)
end

function M.block(text)
  return pandoc.RawBlock(FORMAT, text)
end

-- A Typst string literal; inside one, nothing is markup.
function M.quote(text)
  local escaped = tostring(text):gsub("\\", "\\\\"):gsub('"', '\\"'):gsub("\r?\n", " ")
  return '"' .. escaped .. '"'
end

-- Plain text as Pandoc has it. In one piece, and not word by word: there is a lot of it, and each piece goes
-- from Lua to Pandoc and back at every step.
function M.words(text)
  local plain = spaced(text)
  return plain == "" and pandoc.Inlines {} or pandoc.Inlines { pandoc.Str(plain) }
end

return M
