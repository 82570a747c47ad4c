/** <shared-files>: what was sent in this thread, both ways, newest first: pictures, then papers. */

const MOST = 24; // as many as the server lists

class SharedFiles extends HTMLElement {
  place(element) {
    const list = this.querySelector(`#${element.dataset.into}`);
    const order = ({ dataset }) => Number(dataset.order);
    const older = [...list.children].find((file) => order(file) <= order(element));
    list.insertBefore(element, older ?? null);
    while (list.children.length > MOST) list.lastElementChild.remove();
  }
}

customElements.define("shared-files", SharedFiles);
