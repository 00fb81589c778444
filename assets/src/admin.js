// Django's boxes for searching a choice carry no name of their own: they are given that of their label.
function nameBoxes() {
  for (const select of document.querySelectorAll("select.admin-autocomplete[id]")) {
    const label = document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
    const box = select.parentElement.querySelector(".select2-selection[aria-labelledby]");
    if (label && box) {
      label.id ||= `${select.id}-label`;
      // What is chosen is read out as part of the name; as a field within the field it would need one more.
      const chosen = box.querySelector(".select2-selection__rendered");
      chosen.removeAttribute("role");
      chosen.removeAttribute("aria-readonly");
      box.setAttribute("aria-labelledby", `${label.id} ${chosen.id}`);
    }
  }
}

// After the boxes are made, which happens in a turn of its own when the page is ready.
addEventListener("load", () => setTimeout(nameBoxes, 100));
