-- Evidence in its place: facts link to the words they rest on, computed values open to their derivation, and
-- beside the first mention of a fact stands who else reported it.
--
-- A sentence holds its own words and nothing else, so that it can be copied, translated and shown by a reader mode: what
-- is marked is a link, a badge is a link whose words the style sheet shows, and the note that either leads to stands
-- after the paragraph. Its address opens it without a script; with one it opens where it is asked for. Its role keeps
-- reader modes from taking it for text. On paper the link leads to the same words at the end.
return function(common)
  local M = {}
  local escape, quote, known, words, plain = common.escape, common.quote, common.known, common.words, common.plain
  -- Typst code ends with a semicolon of its own: it would take one of the prose, or a bracket after it.
  local raw, block = common.raw, common.block

  local OPENS = { computed = true, inferred = true }
  local FROM = { computed = "Computed from: ", inferred = "Inferred from: " }
  local STANCES = { same = "Same", adds = "Adds", differs = "Differs", silent = "Silent" }
  local EVIDENCE = "tbl-evidence"
  local HEADING = "How the computed numbers were found"

  local function facts()
    return common.json("_build/facts.json", "the facts and their evidence")
  end

  -- "days.a.b.n" is the value days.a.b in one of its forms.
  local function value_of(name)
    local values = common.json("_build/site.json", "the report's values").values
    local base = (name or ""):match("^(.*)%.[^.]*$")
    return values and base and values[base], base
  end

  -- Of a date that the article prints, a form that it does not print (the weekday, the year) is worked out.
  local function status_of(value, shown)
    local fact = known(value.fact)
    local printed = fact and value.type == "date" and known(facts()[fact].printed)
    if printed and not printed:find(shown, 1, true) then
      return "computed"
    end
    return value.status
  end

  local function linked(text, url)
    if known(url) then
      return pandoc.Link(words(text), url)
    end
    return pandoc.Span(words(text))
  end

  -- What a link in the text leads to: a note of its own, from which another leads back.
  local function note(id, label, opened)
    local out = pandoc.Inlines {
      raw('<div popover tabindex="-1" class="opens" id="' .. escape(id) .. '" role="dialog" aria-label="' .. escape(label) .. '">'),
    }
    out:extend(opened)
    out:insert(raw(' <a class="close" href="#at-' .. escape(id) .. '">Close</a></div>'))
    return pandoc.Plain(out)
  end

  -- The sentence that says how a value was found.
  local function derivation(value, up, status, full)
    local out = pandoc.Inlines { pandoc.Strong(words(value.shown)) }
    if known(value.derivation) then
      out:extend(words(": " .. value.derivation))
    end
    out:insert(pandoc.Str("."))
    if full then
      -- What it rests on has long addresses, so that it is said once.
      out:insert(pandoc.Space())
      out:insert(pandoc.Link(words("What it rests on"), full))
      out:insert(pandoc.Str("."))
      return out
    end
    local basis = pandoc.List(value.facts) .. value.sources
    if #basis > 0 then
      out:extend(words(" " .. FROM[status]))
      for number, entry in ipairs(basis) do
        if number > 1 then
          out:extend(words("; "))
        end
        out:insert(linked(entry.text, entry.url))
      end
      out:insert(pandoc.Str("."))
    end
    out:extend(words(" Notebook: "))
    out:insert(pandoc.Link(words(value.notebook.title), up .. value.notebook.page))
    out:insert(pandoc.Str("."))
    return out
  end

  -- What badges open to is most of a page's words, so it is written as HTML at once.
  local function said_by(name, url)
    return known(url) and '<a href="' .. escape(url) .. '">' .. plain(name) .. "</a>" or plain(name)
  end

  -- Where a report can be read: its own address, or the entry of its source in the list at the address `list`.
  local function address_of(report, list)
    return list and known(report.url) and list .. report.source or report.url
  end

  -- Notes are left to the table of evidence where the page has it (`elsewhere`).
  local function report_line(report, elsewhere, list)
    local text = ", " .. report.day
    if known(report.says) then
      text = text .. ": " .. report.says
    end
    local notes = {}
    for _, note in ipairs { not elsewhere and known(report.note) or "", known(report.remark) or "" } do
      if note ~= "" then
        notes[#notes + 1] = note
      end
    end
    if #notes > 0 then
      text = text .. " (" .. table.concat(notes, "; ") .. ")"
    end
    return said_by(report.outlet, address_of(report, list)) .. plain(text .. ".")
  end

  -- Of those who say the same, only who and when, by what it rests on: the table of evidence has their words, and
  -- the list of sources, at the address `list`, the way to them.
  local function alike(reports, list)
    local lines, by_basis = {}, {}
    for _, report in ipairs(reports) do
      if report.stance == "same" then
        local basis = known(report.remark) or ""
        if not by_basis[basis] then
          by_basis[basis] = {}
          lines[#lines + 1] = basis
        end
        table.insert(by_basis[basis], said_by(report.outlet, address_of(report, list)) .. plain(", " .. report.day))
      end
    end
    for number, basis in ipairs(lines) do
      lines[number] = table.concat(by_basis[basis], "; ") .. (basis == "" and "." or plain(" (" .. basis .. ")."))
    end
    return lines
  end

  -- What a badge opens to: the questions that were asked about the fact, and what each source says.
  local function account_lines(account, number, href, list, row)
    local out = {}
    local function put(...)
      out[#out + 1] = table.concat { ... }
    end
    local function said(stance, text)
      put('<span role="listitem" class="said"><b class="stance stance-', stance, '">', STANCES[stance], " </b>", text, "</span>")
    end
    for _, question in ipairs(account.questions) do
      put('<span class="asked">', plain(question.what), '</span><span role="list">')
      for _, line in ipairs(number and alike(question.reports, list) or {}) do
        said("same", line)
      end
      for _, report in ipairs(question.reports) do
        if not (number and report.stance == "same") then
          said(report.stance, report_line(report, number, number and list))
        end
      end
      put("</span>")
    end
    if known(account.first) then
      put('<span class="said">', plain(account.first), "</span>")
    end
    if number then
      put('<span class="said">With all remarks: <a href="', escape(href), '">Table ', tostring(number), "</a></span>")
    end
    put('<span class="said"><a href="', escape(row), '">The words it rests on</a></span>')
    return { raw(table.concat(out)) }
  end

  -- Runs once a page: what was opened or shown before is remembered here.
  function M.render(doc, place, site)
    local up, numbers = place.up, place.numbers
    -- The table of evidence, on this page or on another of the report.
    local other = place.is_report and not numbers[EVIDENCE] and site.shown[EVIDENCE] or nil
    local table_number = numbers[EVIDENCE] or other and common.number_of(site, EVIDENCE)
    local table_page = other and other.page
    local table_link = other and place.link(other.page, EVIDENCE) or "#" .. EVIDENCE
    local sources_page = place.elsewhere("refs")
    local sources_list = place.listed and "#ref-" or sources_page and place.link(sources_page, "ref-") or nil
    -- The page that has the list of derivations in place of this one.
    local elsewhere = place.elsewhere("derivations")
    local opened, listed, used, marked = {}, nil, {}, {}
    -- A figure set large is no place for a badge; the words beside it are.
    local large = false
    -- `.no-mark` on a fact leaves its badge to a later mention.
    local bare = false
    -- What stands after the block that is being walked.
    local notes = pandoc.Blocks {}
    -- On paper a sign names the speaker where it is another than before in the section.
    local speaker = nil

    local function use(variable, shown)
      local value, name = value_of(variable)
      local status = value and status_of(value, shown)
      if OPENS[status] and not used[name] then
        used[name] = status
        used[#used + 1] = name
      end
    end
    doc.blocks:walk {
      Div = function(el)
        listed = listed or el.classes:includes("derivations")
      end,
    }
    -- Every computed value of the pages that leave their list to this one...
    for _, one in ipairs(listed and place.is_report and site.pages or {}) do
      for _, variable in ipairs(one.file ~= place.page and one.values or {}) do
        if not variable:match("%.unit$") then
          use(variable, site.variables[variable])
        end
      end
    end
    -- ...and of this one, those in headings too, in the order of the page.
    doc.blocks:walk {
      traverse = "topdown",
      Span = function(el)
        if el.classes:includes("value") then
          use(el.attributes["data-value"], pandoc.utils.stringify(el))
        end
      end,
    }

    -- Who else reported a fact, beside its first mention.
    local function badge(id)
      local account = not (large or bare) and facts()[id].account
      if not account or marked[id] then
        return {}
      end
      marked[id] = true
      if common.typst then
        local target = table_number and place.target(table_page, EVIDENCE) or "none"
        return { raw("#badge(" .. quote(account.kind) .. ", " .. quote(account.label) .. ", " .. target .. ");") }
      end
      local name = "who-" .. id
      notes:insert(note(name, "Who else reported: " .. facts()[id].subject, account_lines(account, table_number, table_link, sources_list, up .. "data/facts.html#row-" .. id)))
      local attributes = { { "aria-label", account.label } }
      return { pandoc.Link({}, "#" .. name, "", pandoc.Attr("at-" .. name, { "badge", "badge-" .. account.kind }, attributes)) }
    end

    -- A fact that was corrected leads to the log, wherever it is mentioned.
    local log_page = place.elsewhere("corrections") or not place.is_report and (known(site.lists.corrections) or "index.html")
      or nil
    local function corrected(id)
      local last = facts()[id].corrected
      if not last or large then
        return {}
      elseif common.typst then
        return { raw("#corrected(" .. place.target(log_page, last.id) .. ");") }
      end
      local href = log_page and place.link(log_page, last.id) or "#" .. last.id
      return { pandoc.Link({}, href, "", pandoc.Attr("", { "corrected" }, { { "aria-label", "corrected on " .. last.day } })) }
    end

    local function fact_link(id, content, class)
      local entry = facts()[id]
      local url = known(entry.url)
      local out = pandoc.Inlines {}
      if common.typst then
        local named = known(entry.speaker)
        local new = named ~= speaker and named or ""
        speaker = named or speaker
        out:insert(raw("#fact(" .. quote(entry.status) .. ", " .. quote(url or "") .. ", " .. quote(new) .. ")["))
        out:extend(content)
        out:insert(raw("];"))
      else
        local classes = pandoc.List { "fact", "fact-" .. entry.status }
        if class then
          classes:insert(1, class)
        end
        -- As pairs: the keys of a Lua table come in any order.
        local attributes = { { "data-fact", id } }
        if url then
          attributes[2] = { "aria-description", entry.status }
          out:insert(pandoc.Link(content, url, "", pandoc.Attr("", classes, attributes)))
        else
          out:insert(pandoc.Span(content, pandoc.Attr("", classes, attributes)))
        end
      end
      out:extend(corrected(id))
      out:extend(badge(id))
      return out
    end

    local function value(el)
      local found, name = value_of(el.attributes["data-value"])
      if not found then
        return el
      end
      local status = status_of(found, pandoc.utils.stringify(el))
      if known(found.fact) and status == found.status then
        return fact_link(found.fact, el.content, "value")
      elseif not OPENS[status] then
        return el
      end
      if common.typst then
        local out = pandoc.Inlines { raw("#derived(" .. quote(status) .. ", " .. place.target(elsewhere, "computed." .. name) .. ")[") }
        out:extend(el.content)
        out:insert(raw("];"))
        return out
      end
      local id, at = "how." .. name, ""
      if not opened[name] then
        opened[name] = true
        at = "at-" .. id
        notes:insert(note(id, "How " .. found.shown .. " was found", derivation(found, up, status, elsewhere and place.link(elsewhere, "computed." .. name))))
      end
      return pandoc.Link(el.content, "#" .. id, "", pandoc.Attr(at, { "value", "mark", "mark-" .. status }, { { "aria-description", status } }))
    end

    -- In these, links and controls have no place; what is in them stays as it is.
    local function leave(el)
      return el, false
    end
    local marks = { traverse = "topdown", Link = leave, Table = leave, Figure = leave }
    function marks.Header(el)
      speaker = nil
      return leave(el)
    end
    function marks.Span(el)
      if el.classes:includes("fact") then
        bare = el.classes:includes("no-mark")
        local out = fact_link(el.attributes["ref"], el.content)
        bare = false
        return out, false
      elseif el.classes:includes("value") then
        return value(el), false
      end
    end
    function marks.Strong(el)
      large = true
      el.content = el.content:walk(marks)
      large = false
      return el, false
    end
    local noted = pandoc.Blocks {}
    for _, one in ipairs(doc.blocks) do
      noted:extend(pandoc.Blocks({ one }):walk(marks))
      noted:extend(notes)
      notes = pandoc.Blocks {}
    end
    doc.blocks = noted

    -- The list of derivations, where the page wants it or else at the end.
    local function derivations()
      local items = {}
      for number, name in ipairs(used) do
        local found = value_of(name .. ".")
        local content = derivation(found, up, used[name])
        if common.typst then
          content:insert(1, raw("#place-of(" .. quote("computed." .. name) .. ");"))
          items[number] = { pandoc.Plain(content) }
        else
          content:insert(common.here("computed." .. name))
          items[number] = { pandoc.Plain { pandoc.Span(content, pandoc.Attr("computed." .. name)) } }
        end
      end
      local out = pandoc.Blocks { pandoc.BulletList(items) }
      if common.typst then
        out:insert(1, block("#small["))
        out:insert(block("]"))
      else
        out:insert(1, block('<details class="derivations">\n<summary>Value by value</summary>'))
        out:insert(block("</details>"))
      end
      return out
    end
    if listed then
      doc.blocks = doc.blocks:walk {
        Div = function(el)
          if el.classes:includes("derivations") then
            return #used > 0 and derivations() or {}
          end
        end,
      }
    elseif #used > 0 and not elsewhere then
      doc.blocks:insert(pandoc.Header(common.top(doc), words(HEADING), pandoc.Attr("computed")))
      doc.blocks:extend(derivations())
    end
    return doc
  end

  -- ::: {.key} : the marks of this report, each with what it means.
  local MARKS = {
    { "mark", "stated", "stated", "The article says so in its own voice. The link opens it at the words." },
    { "mark", "attributed", "attributed", "The article puts it in somebody’s mouth. The link opens it at the words." },
    { "mark", "computed", "computed", "Worked out from what is printed. It leads to the rule and to what it rests on." },
    { "mark", "inferred", "inferred", "Read between the lines. It leads to the reason." },
    { "mark", "context", "context", "From elsewhere, with its source beside it, and without a line." },
    { "badge", "reported", "also reported by", "How many others report the same, whether or not they show how they know. Repeating the release, or quoting the speaker whom the article quotes, is counted apart." },
    { "badge", "differs", "differs", "Somebody reports it otherwise; it says how." },
    { "badge", "unmatched", "not found elsewhere", "Looked up, and no other source that was read has it. What adds to it says something else of the same. No mark: not looked up." },
  }

  local CORRECTED =
    { "corrected", "", "corrected", "A correction of ours: this report had it otherwise. It leads to the log, which says what, when and why." }

  function M.key(el)
    if not el.classes:includes("key") then
      return nil
    end
    local marks = { table.unpack(MARKS) }
    if #(common.json("_build/site.json", "the corrections").corrections or {}) > 0 then
      marks[#marks + 1] = CORRECTED
    end
    if common.typst then
      local rows = {}
      for number, mark in ipairs(marks) do
        rows[number] = "(" .. quote(mark[1]) .. ", " .. quote(mark[2]) .. ", " .. quote(mark[3]) .. ", " .. quote(mark[4]) .. ")"
      end
      return block("#key((" .. table.concat(rows, ", ") .. "))")
    end
    local rows = { '<dl class="key">' }
    for _, mark in ipairs(marks) do
      rows[#rows + 1] = '<div><dt><span class="' .. mark[1] .. " " .. mark[1] .. "-" .. mark[2] .. '">' .. mark[3] .. "</span></dt><dd>" .. escape(mark[4]) .. "</dd></div>"
    end
    rows[#rows + 1] = "</dl>"
    return block(table.concat(rows, "\n"))
  end

  return M
end
