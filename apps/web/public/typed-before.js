// Runs before anybody can type. What is typed, ticked or chosen in the HTML of a page before React holds its fields is noted here,
// and done again once it does (`src/hooks/use-listens.ts`): its state knows nothing of it, and would be put in its place.
(() => {
  /** What each field was changed to, the last one last. */
  const noted = new Map();
  const isHeld = (field) => Object.keys(field).some((key) => key.startsWith("__reactProps$"));
  const isTicked = ({ type }) => type === "checkbox" || type === "radio";

  const note = ({ target }) => {
    noted.delete(target);
    if (!isHeld(target)) noted.set(target, isTicked(target) ? target.checked : target.value);
  };
  addEventListener("input", note, true);
  addEventListener("change", note, true);

  const say = (field, type) => field.dispatchEvent(new Event(type, { bubbles: true }));
  /** React takes for a change what differs from what was last set on the field itself, not on its prototype. */
  const set = (field, property, before, value) => {
    field[property] = before;
    Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), property).set.call(field, value);
  };
  const redo = (field, value) => {
    if (field.type === "file") return say(field, "change");
    if (field.localName === "select") {
      field.value = value;
      return say(field, "change");
    }
    if (isTicked(field)) {
      set(field, "checked", !value, value);
      return say(field, "click");
    }
    if (value === field.defaultValue) return;
    // Fields of some types have no caret to ask for.
    const { selectionStart, selectionEnd } = field;
    set(field, "value", field.defaultValue, value);
    if (selectionStart !== null) field.setSelectionRange(selectionStart, selectionEnd);
    say(field, "input");
  };
  const redoAll = () => {
    // What is chosen of a few may bring another form in place of the one that the rest was typed into.
    const isChosen = ([{ type }]) => Number(type === "radio");
    for (const [field, value] of [...noted].sort((a, b) => isChosen(a) - isChosen(b))) {
      if (field.isConnected && !isHeld(field)) continue;
      noted.delete(field);
      if (field.isConnected) redo(field, value);
    }
  };
  // Not while React is still at it: what it is told then it takes up only after it has put its state back.
  addEventListener("listens", () => queueMicrotask(redoAll));
})();
