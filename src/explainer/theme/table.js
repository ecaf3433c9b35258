// Pages of tables: the colors that the reader chose, before anything is drawn, and rows in the order of a column.
// A classic script, so that it also works from a file.
(() => {
  "use strict";
  try {
    const chosen = localStorage.getItem("theme");
    if (chosen === "dark" || chosen === "light") document.documentElement.dataset.theme = chosen;
  } catch {
    // The system's choice stands.
  }

  const words = new Intl.Collator(document.documentElement.lang || "en", { numeric: true });

  // What a cell is compared by; blank ones come last either way.
  function worth(row, place, isNumber) {
    const cell = row.cells[place].cloneNode(true);
    for (const sign of cell.querySelectorAll(".here")) sign.remove();
    const text = cell.textContent.trim();
    return text && isNumber ? Number(text) : text;
  }

  function sort(table, place, direction) {
    const isNumber = table.tHead.rows[0].cells[place].classList.contains("number");
    const body = table.tBodies[0];
    const rows = [...body.rows].map((row) => ({ row, value: worth(row, place, isNumber) }));
    rows.sort((a, b) => {
      if (a.value === "" || b.value === "") return (a.value === "") - (b.value === "");
      return direction * (isNumber ? a.value - b.value : words.compare(a.value, b.value));
    });
    body.append(...rows.map((one) => one.row));
  }

  function makeSortable(table) {
    const headings = [...table.tHead.rows[0].cells];
    headings.forEach((heading, place) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...heading.childNodes);
      heading.append(button);
      button.addEventListener("click", () => {
        const direction = heading.getAttribute("aria-sort") === "ascending" ? "descending" : "ascending";
        for (const other of headings) other.removeAttribute("aria-sort");
        heading.setAttribute("aria-sort", direction);
        sort(table, place, direction === "ascending" ? 1 : -1);
      });
    });
  }

  addEventListener("DOMContentLoaded", () => {
    for (const table of document.querySelectorAll("table.sortable")) makeSortable(table);
  });
})();
