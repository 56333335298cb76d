// Replaces the still drawing of the threshold explorer by one that follows its controls.
(() => {
  const specification = JSON.parse(document.getElementById("explorer-specification").textContent);
  const drawing = document.getElementById("explorer-drawing");
  const description = vega.parse(specification);
  drawing.replaceChildren();
  new vega.View(description, {
    renderer: "svg",
    container: drawing,
    bind: document.getElementById("explorer-controls"),
  }).runAsync();
})();
