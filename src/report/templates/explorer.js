// Replaces the static drawings of the threshold explorer by drawings that follow its controls.
(() => {
  const element = (id) => document.getElementById(id);
  const { titles, start, pictures, specifications } = JSON.parse(
    element("explorer-data").textContent,
  );
  const threshold = element("explorer-threshold");
  const written = element("explorer-threshold-value");

  const drawing = (id, specification) => {
    const data = specification.data.map((source) =>
      source.name === pictures.name ? { ...source, values: pictures.values } : source
    );
    const place = element(id);
    place.replaceChildren();
    return new vega.View(vega.parse({ ...specification, data }), {
      renderer: "svg",
      container: place,
    });
  };
  const views = {
    left: drawing("explorer-left", specifications.matrix),
    right: drawing("explorer-right", specifications.matrix),
    rates: drawing("explorer-rates", specifications.rates),
  };
  const chosen = {};
  for (const side of ["left", "right"]) {
    chosen[side] = element(`explorer-${side}-choice`);
    titles.forEach((title, index) => chosen[side].add(new Option(title, index)));
    chosen[side].value = start[side];
  }
  threshold.value = start.threshold;

  const draw = () => {
    const [left, right, value] = [chosen.left, chosen.right, threshold].map((control) =>
      Number(control.value)
    );
    written.textContent = value === 0 ? "argmax" : value.toFixed(2);
    views.left.signal("matrix", left).signal("threshold", value).runAsync();
    views.right.signal("matrix", right).signal("threshold", value).runAsync();
    views.rates.signal("left", left).signal("right", right).signal("threshold", value).runAsync();
  };
  for (const control of [chosen.left, chosen.right, threshold]) {
    control.addEventListener("input", draw);
  }
  draw();
  element("explorer-controls").hidden = false;
  // Folded parts would not be printed otherwise.
  addEventListener("beforeprint", () => {
    for (const part of document.querySelectorAll("details")) part.open = true;
  });
})();
