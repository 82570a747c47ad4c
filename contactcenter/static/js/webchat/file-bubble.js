/** Files in a message: drawn from the page's own templates, anew when their state changes. */
import { sizeInWords } from "../file-kinds.js";
import { fill } from "./wording.js";

const part = (root, name) => root.querySelector(`[data-part="${name}"]`);

/** In an article's place for files; what stands there as it is, or is heard now, is not touched. */
export function showFiles(article, files, caption = "") {
  const place = part(article, "files");
  for (const file of files) {
    const old = place.querySelector(`[data-upload="${file.id}"]`);
    if (old?.dataset.state === file.state && (isSame(old, file) || isPlaying(old))) continue;
    const figure = draw(file, caption);
    if (old) old.replaceWith(figure);
    else place.append(figure);
  }
  place.hidden = place.children.length === 0;
}

const isSame = ({ dataset }, { url }) => dataset.address === (url ?? "");
const isPlaying = (figure) => figure.querySelector("audio, video")?.paused === false;

function draw(file, caption) {
  const name = file.state === "ready" ? file.kind : file.state;
  const template = part(document, `file-${name}`);
  const figure = template.content.firstElementChild.cloneNode(true);
  const { id: upload, state, kind, url } = file;
  Object.assign(figure.dataset, { upload, state, kind, address: url ?? "" });
  const dress = { image, video, audio, document: sheet }[name] ?? card;
  dress(figure, file, caption || file.name, template.dataset);
  return figure;
}

function image(figure, { url, preview, width, height }, alt) {
  figure.querySelector("a").href = url;
  const picture = figure.querySelector("img");
  if (width && height) Object.assign(picture, { width, height });
  Object.assign(picture, { alt, src: preview ?? url });
}

function video(figure, { url, preview, width, height }, label) {
  const film = figure.querySelector("video");
  if (width && height) Object.assign(film, { width, height });
  if (preview) film.poster = preview;
  Object.assign(film, { src: url, ariaLabel: label });
}

function audio(figure, { url }, label) {
  Object.assign(figure.querySelector("audio"), { src: url, ariaLabel: label });
}

function sheet(figure, file, _caption, words) {
  Object.assign(figure.querySelector("a"), { href: file.url, download: file.name });
  part(figure, "mark").textContent = mark(file.name);
  card(figure, file);
  const pages = file.pages === 1 ? words.page : file.pages && fill(words.pages, { n: file.pages });
  if (pages) part(figure, "about").append(` · ${pages}`);
}

function card(figure, { name, size, reason }) {
  part(figure, "file-name").textContent = name;
  if (part(figure, "about")) part(figure, "about").textContent = sizeInWords(size);
  if (part(figure, "file-reason")) part(figure, "file-reason").textContent = reason;
}

const mark = (name) => (/\.(\w{1,4})\w*$/.exec(name)?.[1] ?? "").toUpperCase();
