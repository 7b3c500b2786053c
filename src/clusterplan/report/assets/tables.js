/* Tables that can be sorted by any column and copied. Text is only ever written as text. */
(function () {
  "use strict";
  const words = JSON.parse(document.getElementById("data").textContent).words;
  const told = document.getElementById("told");
  let timer = 0;

  function tell(text) {
    told.textContent = text;
    clearTimeout(timer);
    timer = setTimeout(() => { told.textContent = ""; }, 4000);
  }

  const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });

  function key(row, column) {
    const cell = row.cells[column];
    return { number: cell.dataset.sort === undefined ? null : Number(cell.dataset.sort), text: cell.textContent };
  }

  /* Numbers by size, texts by the language; what is empty comes last in either direction. */
  function compare(one, other, direction) {
    if (one.number !== null && other.number !== null) return direction * (one.number - other.number);
    if (one.number !== null) return -1;
    if (other.number !== null) return 1;
    if (!one.text || !other.text) return (one.text ? 0 : 1) - (other.text ? 0 : 1);
    return direction * collator.compare(one.text, other.text);
  }

  function sort(table, column) {
    const heads = [...table.tHead.rows[0].cells];
    const ascending = heads[column].getAttribute("aria-sort") !== "ascending";
    heads.forEach((head) => head.removeAttribute("aria-sort"));
    heads[column].setAttribute("aria-sort", ascending ? "ascending" : "descending");
    const body = table.tBodies[0];
    const rows = [...body.rows].map((row, index) => ({ row, index, key: key(row, column) }));
    rows.sort((a, b) => compare(a.key, b.key, ascending ? 1 : -1) || a.index - b.index);
    body.append(...rows.map((one) => one.row));
  }

  function tabbed(table) {
    const clean = (cell) => cell.textContent.replace(/\s+/g, " ").trim();
    return [...table.rows].map((row) => [...row.cells].map(clean).join("\t")).join("\n");
  }

  function select(table) {
    const range = document.createRange();
    range.selectNodeContents(table);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  }

  async function copy(table) {
    try {
      await navigator.clipboard.writeText(tabbed(table));
      tell(words.copied);
    } catch (refused) {
      select(table);
      tell(document.execCommand("copy") ? words.copied : words.not_copied);
    }
  }

  document.querySelectorAll("main table").forEach((table) => {
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      head.replaceChildren(button);
      button.addEventListener("click", () => sort(table, column));
    });
  });
  document.querySelectorAll("button.copy").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => copy(document.getElementById(button.dataset.table)));
  });
})();
