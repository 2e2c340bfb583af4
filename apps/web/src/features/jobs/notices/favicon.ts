/** The page's icon with a ring around it that closes as one's open jobs go on; the plain icon where none is open. */
export function progressIcon(percent: number): string {
  const length = 2 * Math.PI * 13;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#14100e"/><circle cx="16" cy="16" r="5" fill="#ff6a3d"/><circle cx="16" cy="16" r="13" fill="none" stroke="#4a3a31" stroke-width="4"/><circle cx="16" cy="16" r="13" fill="none" stroke="#ff6a3d" stroke-width="4" stroke-dasharray="${(length * percent) / 100} ${length}" transform="rotate(-90 16 16)"/></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

let own: HTMLLinkElement | null = null;

/** Shows how far one's open jobs are; null shows the page's own icon. The page's link stays as it is: React owns it. */
export function showIcon(percent: number | null): void {
  if (percent === null) {
    own?.remove();
    own = null;
    return;
  }
  if (own === null) {
    own = document.createElement("link");
    own.rel = "icon";
    own.type = "image/svg+xml";
  }
  own.href = progressIcon(percent);
  // The last icon of a page is the one that browsers show.
  if (!own.isConnected) document.head.append(own);
}
