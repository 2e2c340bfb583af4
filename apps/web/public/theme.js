// Runs before the first paint, so that a chosen theme never flashes the other one. A file, not an inline script: the
// content security policy then needs no exception for it.
(() => {
  const system = matchMedia("(prefers-color-scheme: light)");
  const apply = () => {
    let theme = null;
    try {
      theme = localStorage.getItem("darkroom.theme");
    } catch {
      // Storage may be denied; the system's preference holds then.
    }
    if (theme !== "light" && theme !== "dark") theme = system.matches ? "light" : "dark";
    document.documentElement.dataset.theme = theme;
  };
  apply();
  system.addEventListener("change", apply);
})();
