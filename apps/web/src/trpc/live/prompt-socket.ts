/** How long a dial may take. One that nobody answers would otherwise hang for the minutes of the operating system. */
const OPEN_TIMEOUT_MS = 5000;

/**
 * A WebSocket that is over the moment it is closed. The browser's own tells of its end only when the peer has said goodbye,
 * or after a minute: with a peer that is gone, the page would say "Live" all that time.
 */
export class PromptSocket extends WebSocket {
  /** Our own close event, once it is over. */
  #end: CloseEvent | null = null;

  constructor(url: string | URL, protocols?: string | string[]) {
    // The fragment says whose tabs may share a socket (see `live-link.ts`); it is nothing to send.
    super(String(url).split("#")[0] ?? "", protocols);
    // Registered before anybody else's listeners: what the browser tells after the end reaches none of them.
    for (const type of ["open", "message", "error", "close"]) {
      this.addEventListener(type, (event) => {
        if (this.#end !== null && event !== this.#end) event.stopImmediatePropagation();
      });
    }
    const giveUp = setTimeout(() => {
      this.dispatchEvent(new Event("error"));
      this.close();
    }, OPEN_TIMEOUT_MS);
    for (const type of ["open", "close"]) this.addEventListener(type, () => clearTimeout(giveUp));
  }

  override close(code?: number, reason?: string): void {
    if (this.#end !== null || this.readyState === WebSocket.CLOSED) return;
    this.#end = new CloseEvent("close", { code: code ?? 1006, reason });
    super.close(code, reason);
    this.dispatchEvent(this.#end);
  }
}
