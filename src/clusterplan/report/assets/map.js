/* The map: layers, filters by stage, search, and why each thing is where it is. Text is only ever written as text. */
(function () {
  "use strict";
  const data = JSON.parse(document.getElementById("data").textContent);
  const words = data.words;
  const byId = (id) => document.getElementById(id);
  const latLng = ([lon, lat]) => [lat, lon];
  if (!data.parks.length || typeof L === "undefined") return;
  byId("explorer").hidden = false;
  byId("still").hidden = true;

  const quick = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map("map", {
    zoomControl: false, attributionControl: false, zoomSnap: 0.25, wheelPxPerZoomLevel: 120, maxZoom: 17,
    zoomAnimation: !quick, fadeAnimation: !quick, markerZoomAnimation: !quick,
  });
  L.control.zoom({ zoomInTitle: words["map.zoom_in"], zoomOutTitle: words["map.zoom_out"] }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  const corners = data.parks.flatMap((park) => [park.at, ...park.rings.flat()]).map(latLng);
  const whole = L.latLngBounds(corners).pad(0.12);
  map.fitBounds(whole);

  const places = Object.fromEntries(data.parks.map((park) => [park.id, park]));
  const stages = Object.fromEntries(data.stages.map((stage) => [stage.stage, stage]));
  const layers = {};
  ["roads", "boundary", "rings", "parks", "supply", "links", "gateways", "receptors", "firms", "names"].forEach((name) => {
    layers[name] = L.layerGroup();
  });

  /* --- details ------------------------------------------------------------------------------------------- */

  const details = byId("details");
  let chosen = null;

  function element(tag, text) {
    const made = document.createElement(tag);
    if (text !== undefined) made.textContent = text;
    return made;
  }

  function show(panel) {
    const parts = [element("h3", panel.title), ...panel.about.filter(Boolean).map((text) => element("p", text))];
    panel.lists.forEach(([head, rows]) => {
      const list = element("dl");
      rows.forEach(([name, amount]) => list.append(element("dt", name), element("dd", amount)));
      parts.push(element("h4", head), list);
    });
    details.replaceChildren(...parts);
    byId("side").scrollTop = 0;
  }

  function choose(panel, marker) {
    if (chosen) chosen.classList.remove("chosen");
    chosen = marker && marker.getElement() ? marker.getElement() : null;
    if (chosen) chosen.classList.add("chosen");
    show(panel);
  }

  /* --- what lies still ----------------------------------------------------------------------------------- */

  const under = L.canvas({ padding: 0.3 });
  L.polyline(data.roads.map((line) => line.map(latLng)), { renderer: under, color: "#c4c4c4", weight: 1, interactive: false })
    .addTo(layers.roads);
  L.polygon(data.boundary.map((ring) => ring.map(latLng)), {
    renderer: under, color: "#7a6f5a", weight: 1.5, dashArray: "8 4", fill: false, interactive: false,
  }).addTo(layers.boundary);
  data.receptors.forEach((home) => {
    L.circleMarker(latLng(home.at), { renderer: under, radius: 2.5, color: "#8c510a", weight: 1, fillOpacity: 0.7, interactive: false })
      .addTo(layers.receptors);
  });
  data.rings.forEach((ring) => {
    const circle = L.circle(latLng(places[ring.park].at), {
      radius: ring.km * 1000, color: "#7b3294", weight: 1.5, dashArray: ring.half ? "2 5" : "8 5", fill: false, interactive: false,
    }).addTo(layers.rings);
    const edge = L.latLng(places[ring.park].at[1] + ring.km / 111.32, places[ring.park].at[0]);
    L.tooltip({ permanent: true, direction: "top", className: "parkname shut", interactive: false })
      .setLatLng(edge).setContent(element("span", ring.name)).addTo(layers.rings);
    return circle;
  });
  data.parks.forEach((park) => {
    const style = park.open
      ? { color: "#444444", weight: 1, fillColor: "#cfe0cf", fillOpacity: 0.8 }
      : { color: "#777777", weight: 1, dashArray: "3 3", fillColor: "#ffffff", fillOpacity: 0.6 };
    const shapes = park.rings.map((ring) => L.polygon(ring.map(latLng), style));
    park.disc = L.circleMarker(latLng(park.at), { ...style, radius: 9 });
    park.leader = L.polyline([], { color: "#444444", weight: 1, dashArray: "2 2", interactive: false }).addTo(layers.parks);
    shapes.push(park.disc);
    shapes.forEach((shape) => shape.on("click", () => choose(park.panel)).addTo(layers.parks));
    park.label = L.tooltip({
      permanent: true, direction: "bottom", className: park.open ? "parkname" : "parkname shut", interactive: false,
    }).setLatLng(latLng(park.at)).setContent(element("span", park.name)).addTo(layers.names);
  });

  /* --- lines between parks ------------------------------------------------------------------------------- */

  function curve(start, end) {
    const [a, b] = [L.point(start), L.point(end)];
    const bend = L.point((a.x + b.x) / 2 - 0.18 * (b.y - a.y), (a.y + b.y) / 2 + 0.18 * (b.x - a.x));
    const points = [];
    for (let step = 0; step <= 24; step += 1) {
      const t = step / 24;
      points.push(L.point(
        (1 - t) * (1 - t) * a.x + 2 * t * (1 - t) * bend.x + t * t * b.x,
        (1 - t) * (1 - t) * a.y + 2 * t * (1 - t) * bend.y + t * t * b.y,
      ));
    }
    return points;
  }

  function lines(rows, layer, colour) {
    const most = Math.max(...rows.map((row) => row.value), 1e-9);
    return rows.map((row) => {
      const weight = 1.2 + 6 * row.value / most;
      const line = L.polyline([], { color: colour, weight, opacity: 0.5 }).addTo(layer);
      const head = L.polygon([], { color: colour, weight: 1, fillColor: colour, fillOpacity: 0.8, opacity: 0.8 }).addTo(layer);
      const wide = L.polyline([], { weight: Math.max(weight, 14), opacity: 0 }).addTo(layer);
      [line, head, wide].forEach((part) => part.on("click", () => choose(row.panel)));
      return { row, line, head, wide };
    });
  }

  const drawn = [...lines(data.links, layers.links, "#a6611a"), ...lines(data.flows, layers.supply, "#0072b2")];

  function bendLines() {
    drawn.forEach(({ row, line, head, wide }) => {
      const [a, b] = [row.from, row.to].map((id) => places[id].middle);
      const points = curve(a, b);
      const back = (point) => map.layerPointToLatLng(point);
      line.setLatLngs(points.map(back));
      wide.setLatLngs(points.map(back));
      const [before, tip] = [points[13], points[15]];
      const length = Math.max(tip.distanceTo(before), 1e-6);
      const along = tip.subtract(before).divideBy(length);
      const at = (far, aside) => back(L.point(before.x + far * along.x - aside * along.y, before.y + far * along.y + aside * along.x));
      head.setLatLngs([at(-5, -5), at(8, 0), at(-5, 5)]);
    });
  }

  /* --- firms --------------------------------------------------------------------------------------------- */

  const NS = "http://www.w3.org/2000/svg";

  function icon(path, colour, kind, number, ink) {
    const svg = document.createElementNS(NS, "svg");
    svg.setAttribute("viewBox", "-10 -10 20 20");
    svg.setAttribute("aria-hidden", "true");
    const shape = document.createElementNS(NS, "path");
    shape.setAttribute("d", path);
    shape.setAttribute("fill", colour);
    shape.setAttribute("class", "firm");
    const text = document.createElementNS(NS, "text");
    text.setAttribute("class", "no");
    text.setAttribute("y", "2.6");
    text.setAttribute("fill", ink || "#000000");
    text.textContent = number === undefined ? "" : String(number);
    svg.append(shape, text);
    const size = kind === "anchor" ? 32 : 26;
    return L.divIcon({ html: svg, className: `place ${kind}`, iconSize: [size, size] });
  }

  function named(marker, text, panel) {
    marker.on("click", () => choose(panel, marker));
    marker.on("add", () => {
      const node = marker.getElement();
      node.setAttribute("role", "button");
      node.setAttribute("aria-label", text);
      node.title = text;
      node.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        choose(panel, marker);
      });
    });
    return marker;
  }

  data.firms.forEach((firm) => {
    if (!firm.park) return;
    const stage = stages[firm.stage];
    const kind = firm.anchor ? "anchor" : "firm";
    firm.marker = named(
      L.marker(latLng(places[firm.park].at), {
        icon: icon(firm.anchor ? data.star : stage.path, stage.colour, kind, stage.number, stage.ink), zIndexOffset: firm.anchor ? 1000 : 0, riseOnHover: true,
      }),
      `${firm.name}, ${stage.name}`,
      firm.panel,
    );
  });
  data.gateways.forEach((gateway) => {
    named(
      L.marker(latLng(gateway.at), { icon: icon("M-7,6V-1L0,-8L7,-1V6H2V1H-2V6Z", "#ffffff", "gateway"), zIndexOffset: -1000 }),
      gateway.name,
      gateway.panel,
    ).addTo(layers.gateways);
  });

  function around(count) {
    const found = count ? [[0, 0]] : [];
    for (let ring = 1; found.length < count; ring += 1) {
      const here = Math.min(6 * ring, count - found.length);
      for (let n = 0; n < here; n += 1) {
        const turn = 2 * Math.PI * n / here;
        found.push([ring * 20 * Math.sin(turn), -ring * 20 * Math.cos(turn)]);
      }
    }
    return found;
  }

  /* Discs that meet push each other away, the smaller one more (Dorling 1996, without attraction). */
  function apart() {
    for (let round = 0; round < 200; round += 1) {
      let moved = false;
      data.parks.forEach((one, n) => data.parks.slice(n + 1).forEach((other) => {
        const way = other.middle.subtract(one.middle);
        const far = Math.hypot(way.x, way.y);
        const lack = one.far + other.far + 3 - far;
        if (lack < 0.01) return;
        const step = (far > 1e-9 ? way.divideBy(far) : L.point(1, 0)).multiplyBy(lack / (one.far + other.far));
        one.middle = one.middle.subtract(step.multiplyBy(other.far));
        other.middle = other.middle.add(step.multiplyBy(one.far));
        moved = true;
      }));
      if (!moved) return;
    }
  }

  /* Firms stand in rings in the disc of their park, so far apart on the screen at every zoom. */
  function place() {
    data.parks.forEach((park) => {
      park.here = data.firms.filter((firm) => firm.park === park.id && layers.firms.hasLayer(firm.marker));
      park.count = park.here.length;
      park.offsets = around(park.count);
      park.far = park.offsets.reduce((most, [x, y]) => Math.max(most, Math.hypot(x, y)), 0) + (park.count ? 14 : 9);
      park.middle = map.latLngToLayerPoint(latLng(park.at));
    });
    apart();
    data.parks.forEach((park) => {
      const middle = map.layerPointToLatLng(park.middle);
      park.disc.setLatLng(middle).setRadius(park.far);
      park.leader.setLatLngs([latLng(park.at), middle]);
      park.label.setLatLng(middle);
      park.here.forEach((firm, n) =>
        firm.marker.setLatLng(map.layerPointToLatLng(park.middle.add(L.point(park.offsets[n])))));
    });
    bendLines();
    write();
  }

  /* Names stand where they meet no other name: below, above, right or left of their park; else they wait for a closer look. */
  function write() {
    const taken = [];
    [...data.parks].sort((a, b) => b.open - a.open || b.count - a.count).forEach((park) => {
      const node = park.label.getElement();
      if (!node) return;
      const [width, height] = [node.offsetWidth, node.offsetHeight];
      const at = park.middle;
      const offers = [
        ["bottom", [0, park.far], at.x - width / 2, at.y + park.far],
        ["top", [0, -park.far], at.x - width / 2, at.y - park.far - height],
        ["right", [park.far, 0], at.x + park.far, at.y - height / 2],
        ["left", [-park.far, 0], at.x - park.far - width, at.y - height / 2],
      ];
      const seen = L.bounds(map.containerPointToLayerPoint([4, 4]), map.containerPointToLayerPoint(map.getSize().subtract([4, 4])));
      const others = data.parks.filter((other) => other !== park).map((other) => ({ at: other.middle, far: other.far }));
      const free = offers.filter(([, , left, top]) => !taken.some((box) =>
        left < box.right && box.left < left + width && top < box.bottom && box.top < top + height));
      const whole = ([, , left, top]) => seen.contains(L.bounds([left, top], [left + width, top + height]));
      const clear = free.filter(whole).find(([, , left, top]) => !others.some((other) =>
        left < other.at.x + other.far && other.at.x - other.far < left + width
        && top < other.at.y + other.far && other.at.y - other.far < top + height));
      node.classList.toggle("crowded", !clear);
      if (!clear) return;
      const [direction, offset, left, top] = clear;
      taken.push({ left, right: left + width, top, bottom: top + height });
      Object.assign(park.label.options, { direction, offset: L.point(offset) });
      park.label.update();
    });
  }

  function filter() {
    const shown = new Set([...document.querySelectorAll("input[name=stage]:checked")].map((box) => box.value));
    data.firms.forEach((firm) => {
      if (!firm.marker) return;
      if (shown.has(firm.stage)) layers.firms.addLayer(firm.marker);
      else layers.firms.removeLayer(firm.marker);
    });
    place();
  }

  map.on("zoomend", place);
  document.querySelectorAll("input[name=stage]").forEach((box) => box.addEventListener("change", filter));
  [["all-stages", true], ["no-stages", false]].forEach(([id, on]) => {
    byId(id).addEventListener("click", () => {
      document.querySelectorAll("input[name=stage]").forEach((box) => { box.checked = on; });
      filter();
    });
  });
  document.querySelectorAll("input[name=layer]").forEach((box) => {
    const set = () => (box.checked ? layers[box.value].addTo(map) : layers[box.value].remove());
    box.addEventListener("change", () => { set(); place(); });
    set();
  });
  byId("whole").addEventListener("click", () => map.fitBounds(whole));
  filter();

  /* --- search -------------------------------------------------------------------------------------------- */

  const search = byId("search");
  const found = byId("found");
  const known = [...data.parks, ...data.firms, ...data.gateways];

  function goTo(thing) {
    const at = thing.marker ? places[thing.park].at : thing.at;
    if (thing.marker && !layers.firms.hasLayer(thing.marker)) {
      document.querySelector(`input[name=stage][value="${CSS.escape(thing.stage)}"]`).checked = true;
      filter();
    }
    const layer = document.querySelector("input[name=layer][value=firms]");
    if (thing.marker && layer && !layer.checked) layer.click();
    if (at) map.setView(latLng(at), Math.max(map.getZoom(), 11), { animate: !quick });
    choose(thing.panel, thing.marker);
    found.hidden = true;
  }

  function matches() {
    const text = search.value.trim().toLowerCase();
    return text ? known.filter((thing) => thing.name.toLowerCase().includes(text)) : [];
  }

  function list() {
    const all = matches();
    found.replaceChildren(...all.slice(0, 30).map((thing) => {
      const button = element("button", thing.name);
      button.type = "button";
      button.addEventListener("click", () => goTo(thing));
      const item = element("li");
      item.append(button);
      return item;
    }));
    found.hidden = all.length === 0;
    byId("matches").textContent = !search.value.trim() ? ""
      : all.length ? words["map.matches"].replace("{n}", String(all.length)) : words["map.no_match"];
  }

  search.addEventListener("input", list);
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && matches().length) goTo(matches()[0]);
    if (event.key === "Escape") found.hidden = true;
  });
})();
