import { part } from "./bubble.js";

const KINDS = {
  name: { type: "text", autocomplete: "name" },
  email: { type: "email", autocomplete: "email" },
  phone: { type: "tel", autocomplete: "tel" },
  text: { type: "text", autocomplete: "off" },
};

/**
 * The questions before the chat. Events: "answer" (detail: the texts by field) and "done" once
 * the server took them. The server alone judges; its sentence stands by the field.
 */
class ChatForm extends HTMLElement {
  #form = this.querySelector("form");
  #answers = null;
  #shown = null; // the frame's own list, to know a new one
  #shape = "";
  #asked = false; // handed in, not answered yet

  connectedCallback() {
    this.#form.addEventListener("input", () => this.#answers.keep(this.#texts));
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#asked = true;
      this.dispatchEvent(new CustomEvent("answer", { detail: this.#texts }));
    });
  }

  set answers(answers) {
    this.#answers = answers;
  }

  paint({ form, state, line }) {
    this.hidden = form === null || state !== "new";
    part(this, "later").hidden = !this.#asked || line === "up";
    if (form === this.#shown) return;
    this.#shown = form;
    if (form) this.#draw(form);
    if (this.#asked) this.#judged(form);
  }

  focus() {
    (this.querySelector("[aria-invalid=true]") ?? this.querySelector("input"))?.focus();
  }

  #judged(form) {
    this.#asked = false;
    part(this, "later").hidden = true;
    if (form) this.focus();
    else this.dispatchEvent(new Event("done"));
  }

  /** The same questions again keep their fields, with what is being written and the focus. */
  #draw(form) {
    const shape = JSON.stringify(form.map((field) => ({ ...field, error: null })));
    const fields = part(this, "fields");
    if (shape !== this.#shape) fields.replaceChildren(...form.map((field) => this.#field(field)));
    this.#shape = shape;
    part(this, "required").hidden = !form.some(({ required }) => required);
    form.forEach(({ error }, index) => this.#say(fields.children[index], error));
  }

  #field({ id, label, kind, required }) {
    const field = part(this, "field").content.firstElementChild.cloneNode(true);
    const input = field.querySelector("input");
    Object.assign(input, KINDS[kind] ?? KINDS.text, { id: `field-${id}`, name: id, required });
    input.value = this.#answers.texts[id] ?? "";
    input.setAttribute("aria-describedby", `error-${id}`);
    field.querySelector("label").htmlFor = input.id;
    part(field, "error").id = `error-${id}`;
    part(field, "label").textContent = label;
    part(field, "star").hidden = !required;
    return field;
  }

  #say(field, error) {
    field.querySelector("input").setAttribute("aria-invalid", Boolean(error));
    part(field, "error").hidden = !error;
    part(field, "reason").textContent = error ?? "";
  }

  get #texts() {
    return Object.fromEntries(new FormData(this.#form));
  }
}

customElements.define("chat-form", ChatForm);
