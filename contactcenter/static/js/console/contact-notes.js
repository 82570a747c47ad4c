/** <contact-notes>: what staff noted about this person, newest first. */

const MOST = 20; // as many as the server lists; older ones stand in the thread

class ContactNotes extends HTMLElement {
  place(element) {
    const at = (note) => Date.parse(note.dataset.at);
    const list = this.querySelector("ul");
    const older = [...list.children].find((note) => at(note) <= at(element));
    list.insertBefore(element, older ?? null);
    while (list.children.length > MOST) list.lastElementChild.remove();
  }
}

customElements.define("contact-notes", ContactNotes);
