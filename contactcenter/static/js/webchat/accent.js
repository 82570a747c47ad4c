const WHITE = [255, 255, 255];
const BLACK = [0, 0, 0];
const LIGHT = [255, 255, 255]; // --surface of the two themes
const DARK = [27, 26, 24];
const ENOUGH = 5.5; // 4.5 : 1, with room for the soft tint behind it

/** Dresses the page in the first real colour ("#rrggbb"), kept readable in both themes. */
export function dress(...colours) {
  const colour = colours.find((candidate) => /^#[0-9a-f]{6}$/i.test(candidate));
  if (!colour) return "";
  const accent = [1, 3, 5].map((start) => parseInt(colour.slice(start, start + 2), 16));
  const onAccent = contrast(accent, WHITE) >= 4.5 ? WHITE : BLACK;
  const hover = mix(accent, onAccent === WHITE ? BLACK : WHITE, 0.15);
  const light = readable(accent, LIGHT, BLACK);
  const dark = readable(accent, DARK, WHITE);
  const style = document.documentElement.style;
  style.setProperty("--accent-fill", css(accent));
  style.setProperty("--accent-fill-h", css(hover));
  style.setProperty("--on-accent", css(onAccent));
  style.setProperty("--accent", `light-dark(${css(light)}, ${css(dark)})`);
  style.setProperty("--accent-soft", `color-mix(in srgb, ${css(accent)} 10%, var(--surface))`);
  style.setProperty("--accent-line", `color-mix(in srgb, ${css(accent)} 35%, var(--surface))`);
  return colour;
}

function readable(colour, surface, towards) {
  let share = 0;
  while (contrast(mix(colour, towards, share), surface) < ENOUGH && share < 1) share += 0.05;
  return mix(colour, towards, share);
}

function mix(colour, other, share) {
  return colour.map((part, index) => Math.round(part + (other[index] - part) * share));
}

/** WCAG 2.2 contrast ratio of two sRGB colours. */
function contrast(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour) {
  const [red, green, blue] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function css(colour) {
  return `rgb(${colour.join(" ")})`;
}
