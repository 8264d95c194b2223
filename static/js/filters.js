/** The form with every choice: a change is used at once, without the button. */
"use strict";

/** Call `onChange` when someone changes a field or sends the form. */
export function watchForm(form, onChange) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    onChange();
  });
  // Fields of the toolbar stand outside the form element, so listen to the whole document.
  document.addEventListener("change", (event) => {
    if (event.target.form === form && isComplete(event.target)) onChange();
  });
}

/** A date that is half typed is not used yet. */
function isComplete(field) {
  return field.type !== "date" || field.validity.valid;
}
