/** <contact-notes>: what staff noted about this person, newest first. */

class ContactNotes extends HTMLElement {
  place(element) {
    const at = (note) => Date.parse(note.dataset.at);
    const list = this.querySelector("ul");
    const older = [...list.children].find((note) => at(note) <= at(element));
    list.insertBefore(element, older ?? null);
  }
}

customElements.define("contact-notes", ContactNotes);
