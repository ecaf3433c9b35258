-- The report's filter, one for both engines. Under Quarto it runs before Quarto's own filters (`at: pre-ast`),
-- so that figures, tables, references, callouts and citations come out the same from either.
--
-- The other filters lie beside this one. They are read with dofile, not require: Quarto and Pandoc search for modules
-- in different places.
local here = pandoc.path.directory((debug.getinfo(1, "S").source:gsub("^@", "")))

local function load(name)
  local path = pandoc.path.join { here, name }
  local file = io.open(path, "r")
  if not file then
    -- Not error(): Quarto's only prints, and the render would go on.
    io.stderr:write("theme/filters/", name, ": is missing. Install the explainer library again.\n")
    os.exit(1)
  end
  file:close()
  return dofile(path)
end

local common = load("common.lua")
common.theme = pandoc.path.directory(here)
local gate = load("gate.lua")
local shortcodes = load("shortcodes.lua")(common)
local formats = load("formats.lua")(common)
local figures = load("figures.lua")(common)
local references = load("references.lua")(common, figures)
local pictures = load("pictures.lua")(common, figures)
local evidence = load("evidence.lua")(common)
local blocks = load("blocks.lua")(common, evidence)
local corrections = load("corrections.lua")(common)
local citations = load("citations.lua")(common)
local pages = load("page.lua")(common, shortcodes, figures)

function Pandoc(doc)
  local page = common.page_of(doc)
  local site = common.json("_build/site.json", "titles, style and variables")
  local numbers, refused
  doc, refused = gate.check(doc)
  for _, part in ipairs(refused) do
    common.fault(part.what .. " (" .. part.value .. "). " .. part.remedy)
  end
  doc = formats.choose(pages.name(doc))
  doc, numbers = references.place(doc, page, site)
  doc = references.link(doc, numbers, page, site)
  local place = common.place(page, site)
  place.numbers, place.listed = numbers, citations.has_list(doc)
  -- Before the evidence, which is most of a page's words and cites nothing. A reference that leads nowhere would
  -- be taken for a citation.
  if not common.faulty() then
    doc = citations.render(doc, place.listed and figures.sources(numbers, place.is_list_of("refs") and site.listed) or {}, place)
  end
  doc = shortcodes.in_body(doc)
  doc = pages.describe(doc)
  doc = pictures.render(doc, numbers)
  doc = blocks.count(doc)
  doc = evidence.render(doc, place, site)
  doc = corrections.render(doc, place, site)
  doc = blocks.render(doc)
  doc = pages.headings(doc, place, site)
  doc = pages.finish(doc, place, site)
  doc = references.fill(doc, place, site)
  common.stop_if_faulty(page)
  return doc
end
