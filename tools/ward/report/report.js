// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The report page: an interactive view of `data` (see HtmlReport.cpp). The URL fragment, #VIEW or #VIEW/NUMBER, selects what is shown, so
// that findings, locks and fields can be linked to.
'use strict';
const data = read(JSON.parse(document.getElementById('data').textContent));
const view = document.getElementById('view');
const detail = document.getElementById('detail');
const filter = document.getElementById('filter');
const views = { findings: showFindings, order: showOrder, guards: showGuards, problems: showProblems };
const SVG = 'http://www.w3.org/2000/svg';
let grouping = 'severity';

// Converts the output of ward check and ward reduce --tables (see docs/ward.md and ProgramTables.h) to what the views show.
function read({ summary, report, tables, checks, sources }) {
  const edges = new Map();
  for (const row of tables.lock_order) {
    const key = `${row.held} ${row.acquired}`;
    if (!edges.has(key)) edges.set(key, { from: row.held, to: row.acquired, cyclic: false, places: [] });
    const edge = edges.get(key), held = tables.locks[row.held].name, acquired = tables.locks[row.acquired].name;
    edge.cyclic ||= row.in_cycle;
    const here = { ...row, message: `${row.function} acquires ${acquired}${row.acquired_shared ? ' in shared mode' : ''} while holding ${held}${row.held_shared ? ' in shared mode' : ''}`
      + (row.gates.length ? ` and ${row.gates.map((gate) => tables.locks[gate].name).join(', ')}` : '') };
    // A chain of one step repeats the same place.
    const chain = row.chain.filter((next) => next.file !== row.file || next.line !== row.line).map((next) => ({ ...next, message: `in ${next.function}` }));
    edge.places.push([here, ...chain]);
  }
  return {
    summary, checks, sources, findings: report.findings, locks: tables.locks, functions: tables.functions, edges: [...edges.values()],
    guards: tables.guarded_by.map((guard) => ({
      owner: guard.class, field: guard.name, lock: guard.guard, annotated: guard.annotated, confidence: guard.confidence, evidence: guard.evidence, held: guard.held, all: guard.held + guard.not_held,
      accesses: guard.accesses.map((access) => ({ ...access, kind: access.held ? 'held' : access.excused ? 'excused' : 'unheld' })),
    })),
    problems: [...report.not_checked, ...report.checked_in_part].map(({ file, problem }) => ({ file, text: problem }))
      .concat(report.database_problems.map((text) => ({ file: '', text }))),
  };
}

// element('a', {href: '#x', onclick: f}, child, 'text'): text is never interpreted as markup.
function element(name, properties, ...children) {
  const made = name.startsWith('svg:') ? document.createElementNS(SVG, name.slice(4)) : document.createElement(name);
  for (const [key, value] of Object.entries(properties || {})) {
    if (key.startsWith('on')) made.addEventListener(key.slice(2), value);
    else if (value !== undefined && value !== false) made.setAttribute(key, value === true ? '' : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

// Runs `act` when `what` is clicked, and on Enter or Space.
function clickable(what, act) {
  what.setAttribute('tabindex', '0');
  what.setAttribute('role', 'button');
  what.addEventListener('click', act);
  what.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      act();
    }
  });
  return what;
}

const count = (number, one, many) => `${number.toLocaleString('en')} ${number === 1 ? one : many}`;
const place = (where) => (where.file ? `${where.file}:${where.line}` : '');

function code(where) {
  const lines = data.sources[where.file];
  if (!lines) return element('p', { class: 'tag' }, 'The source is not available.');
  const rows = [];
  for (let line = Math.max(1, where.line - 4); line <= where.line + 4; ++line) {
    if (lines[line] === undefined) continue;
    rows.push(element('span', { class: line === where.line ? 'row at' : 'row' }, element('span', { class: 'number' }, String(line)), lines[line] || ' '));
  }
  return element('pre', {}, ...rows);
}

function step(where) {
  return [element('p', {}, where.message ? `${where.message} ` : '', element('span', { class: 'place' }, place(where))), where.file ? code(where) : null];
}

function showDetail(title, ...parts) {
  detail.replaceChildren(element('h2', {}, title), ...parts.flat(Infinity).filter(Boolean));
  detail.hidden = false;
}

function matches(...texts) {
  const wanted = filter.value.trim().toLowerCase();
  return !wanted || texts.some((text) => text.toLowerCase().includes(wanted));
}

function go(where) {
  if (location.hash === where) show();
  else location.hash = where;
}

// ---- Lock order

// Assigns the locks to layers, so that all edges outside cycles point to the right. `edges` has pairs of numbers below `size`.
function layersOf(size, edges) {
  const out = Array.from({ length: size }, () => []);
  for (const [from, to] of edges) out[from].push(to);
  // Depth first, without recursion: an edge to what is still being visited closes a cycle, and counts for no layer.
  const state = new Array(size).fill(0), order = [], back = new Set();
  for (let start = 0; start < size; ++start) {
    if (state[start]) continue;
    const stack = [[start, 0]];
    state[start] = 1;
    while (stack.length) {
      const top = stack[stack.length - 1];
      const next = out[top[0]][top[1]++];
      if (next === undefined) {
        state[top[0]] = 2;
        order.push(top[0]);
        stack.pop();
      } else if (state[next] === 1) {
        back.add(`${top[0]} ${next}`);
      } else if (!state[next]) {
        state[next] = 1;
        stack.push([next, 0]);
      }
    }
  }
  const layer = new Array(size).fill(0);
  for (const node of order.reverse())
    for (const next of out[node]) if (!back.has(`${node} ${next}`)) layer[next] = Math.max(layer[next], layer[node] + 1);
  const layers = [];
  for (let node = 0; node < size; ++node) (layers[layer[node]] ||= []).push(node);
  // A few sweeps, each lock to the middle of its neighbours, so that fewer lines cross.
  const near = Array.from({ length: size }, () => []);
  for (const [from, to] of edges) {
    near[from].push(to);
    near[to].push(from);
  }
  const at = new Array(size).fill(0);
  const number = () => layers.forEach((nodes) => nodes.forEach((node, index) => { at[node] = index - nodes.length / 2; }));
  number();
  for (let sweep = 0; sweep < 6; ++sweep)
    for (const nodes of layers) {
      const middle = new Map(nodes.map((node) => [node, near[node].length ? near[node].reduce((sum, n) => sum + at[n], 0) / near[node].length : at[node]]));
      nodes.sort((a, b) => middle.get(a) - middle.get(b));
      number();
    }
  return layers;
}

// More than this many locks are no picture any more: then those in cycles, and what the filter names, with their neighbours.
const MOST_LOCKS = 150;

function chosenLocks() {
  const wanted = filter.value.trim();
  const seeds = new Set();
  data.locks.forEach((lock, index) => { if (wanted && matches(lock.name)) seeds.add(index); });
  if (!wanted) {
    if (data.locks.length <= MOST_LOCKS) return new Set(data.locks.keys());
    for (const edge of data.edges) if (edge.cyclic) seeds.add(edge.from).add(edge.to);
  }
  const result = new Set(seeds);
  for (const edge of data.edges) {
    if (result.size >= MOST_LOCKS) break;
    if (seeds.has(edge.from)) result.add(edge.to);
    if (seeds.has(edge.to)) result.add(edge.from);
  }
  return result;
}

function showOrder(chosen) {
  const parts = [];
  const cycles = data.edges.filter((edge) => edge.cyclic).length;
  parts.push(element('p', {}, data.edges.length
    ? `An arrow points from a lock to one that is acquired while holding it: ${count(data.edges.length, 'arrow', 'arrows')} between ${count(data.locks.length, 'lock', 'locks')}. `
      + (cycles ? `${count(cycles, 'arrow is', 'arrows are')} part of a cycle, in red: threads that acquire these locks in opposite order can deadlock.` : 'There is no cycle.')
    : 'No lock is acquired while another is held.'));
  const locks = [...chosenLocks()].sort((a, b) => a - b);
  if (locks.length < data.locks.length)
    parts.push(element('p', { class: 'tag' }, `Showing ${locks.length} of ${data.locks.length} locks; use the filter to find others by name.`));
  const indexOf = new Map(locks.map((lock, index) => [lock, index]));
  const edges = data.edges.map((edge, number) => ({ ...edge, number })).filter((e) => indexOf.has(e.from) && indexOf.has(e.to));
  const layers = layersOf(locks.length, edges.map((e) => [indexOf.get(e.from), indexOf.get(e.to)]));
  const HIGH = 26, ROW = 46, GAP = 90, widths = layers.map((nodes) => Math.max(60, ...nodes.map((n) => data.locks[locks[n]].name.length * 7.3 + 18)));
  const tallest = Math.max(1, ...layers.map((nodes) => nodes.length));
  const boxes = new Map();
  let x = 10;
  layers.forEach((nodes, layer) => {
    nodes.forEach((node, index) => {
      boxes.set(locks[node], { x, y: 50 + (index + (tallest - nodes.length) / 2) * ROW, width: data.locks[locks[node]].name.length * 7.3 + 18, layer });
    });
    x += widths[layer] + GAP;
  });
  const height = 90 + tallest * ROW;
  const picture = element('svg:svg', { width: Math.max(x - GAP + 80, 200), height, id: 'lock-graph', role: 'group', 'aria-label': 'Lock order' });
  const marker = (id, kind) =>
    element('svg:marker', { id, viewBox: '0 0 8 8', refX: 7.5, refY: 4, markerWidth: 8, markerHeight: 8, orient: 'auto', markerUnits: 'userSpaceOnUse' },
      element('svg:path', { d: 'M0,0 L8,4 L0,8 z', class: `arrow ${kind}` }));
  picture.append(element('svg:defs', {}, marker('arrow', ''), marker('arrow-cyclic', 'cyclic')));
  const cyclic = new Set(edges.filter((e) => e.cyclic).flatMap((e) => [e.from, e.to]));
  for (const edge of edges) {
    const a = boxes.get(edge.from), b = boxes.get(edge.to);
    const y1 = a.y + HIGH / 2, y2 = b.y + HIGH / 2;
    let path;
    if (edge.from === edge.to) path = `M${a.x + a.width - 20},${a.y} c0,-30 34,-30 22,${HIGH / 2 - 2}`;
    // An edge that skips a layer is an arc, so that the boxes there do not cover it.
    else if (b.layer > a.layer + 1) path = `M${a.x + a.width},${y1} C${a.x + a.width + GAP},${Math.min(y1, y2) - 60} ${b.x - GAP},${Math.min(y1, y2) - 60} ${b.x},${y2}`;
    else if (b.x > a.x) path = `M${a.x + a.width},${y1} C${a.x + a.width + GAP / 2},${y1} ${b.x - GAP / 2},${y2} ${b.x},${y2}`;
    else path = `M${a.x + a.width / 2},${a.y} C${a.x + a.width / 2},${Math.min(a.y, b.y) - 50} ${b.x + b.width / 2},${Math.min(a.y, b.y) - 50} ${b.x + b.width / 2},${b.y}`;
    const names = `${data.locks[edge.to].name} is acquired while holding ${data.locks[edge.from].name}`;
    const group = element('svg:g', { class: `edge${edge.cyclic ? ' cyclic' : ''}${chosen === edge.number ? ' chosen' : ''}`, id: `edge-${edge.number}`, 'aria-label': names },
      element('svg:title', {}, names), element('svg:path', { class: 'line', d: path, 'marker-end': `url(#arrow${edge.cyclic ? '-cyclic' : ''})` }),
      element('svg:path', { class: 'reach', d: path }));
    picture.append(clickable(group, () => go(`#order/${edge.number}`)));
  }
  for (const lock of locks) {
    const box = boxes.get(lock);
    const group = element('svg:g', { class: `lock${cyclic.has(lock) ? ' cyclic' : ''}`, id: `lock-${lock}`, 'aria-label': data.locks[lock].name },
      element('svg:rect', { x: box.x, y: box.y, width: box.width, height: HIGH }), element('svg:text', { x: box.x + 9, y: box.y + 17 }, data.locks[lock].name));
    picture.append(clickable(group, () => showLock(lock)));
  }
  parts.push(picture);
  view.replaceChildren(...parts);
  if (chosen !== undefined && data.edges[chosen]) {
    const edge = data.edges[chosen];
    showDetail(`${data.locks[edge.from].name} → ${data.locks[edge.to].name}`,
      edge.places.map((chain) => chain.map(step)));
  }
}

// A guard is named relative to its field, a lock with its class.
function isLockOf(guard, lock) {
  const last = guard.lock.split('.').pop();
  return lock.name === guard.lock || (lock.name === `${lock.class.split('::').pop()}::${last}` && lock.class === guard.owner);
}

function showLock(lock) {
  document.querySelectorAll('.lock').forEach((other) => other.classList.toggle('chosen', other.id === `lock-${lock}`));
  const line = (edge, number, text) => element('li', {}, element('a', { href: `#order/${number}` }, text));
  const before = [], after = [], fields = [];
  data.edges.forEach((edge, number) => {
    if (edge.to === lock) before.push(line(edge, number, data.locks[edge.from].name));
    if (edge.from === lock) after.push(line(edge, number, data.locks[edge.to].name));
  });
  data.guards.forEach((guard, number) => {
    if (isLockOf(guard, data.locks[lock])) fields.push(element('li', {}, element('a', { href: `#guards/${number}` }, `${guard.owner ? `${guard.owner}::` : ''}${guard.field}`)));
  });
  const list = (title, items) => (items.length ? [element('h2', {}, title), element('ul', {}, ...items)] : []);
  showDetail(data.locks[lock].name, list('Held when it is acquired', before), list('Acquired while it is held', after), list('Guards', fields));
}

// ---- Guarded by

const KINDS = { held: 'with the lock', unheld: 'without the lock', excused: 'without the lock, which the callers hold' };

function showGuards(chosen, chosenAccess) {
  const shown = data.guards.map((guard, number) => ({ ...guard, number })).filter((g) => matches(g.owner, g.field, g.lock));
  const parts = [element('p', {}, shown.length || data.guards.length ? 'Each square is an access to the field: ' : 'No field has a known guard.',
    ...(data.guards.length ? Object.entries(KINDS).map(([kind, text]) =>
      element('span', {}, element('span', { class: 'key', style: `background: var(--${kind})` }), text)) : []))];
  const groups = new Map();
  for (const guard of shown) {
    if (!groups.has(guard.owner)) groups.set(guard.owner, []);
    groups.get(guard.owner).push(guard);
  }
  const SIZE = 15, COLUMNS = 30;
  for (const [owner, guards] of [...groups].sort((a, b) => a[0].localeCompare(b[0]))) {
    const rows = guards.map((guard) => {
      const squares = element('svg:svg', { width: Math.min(COLUMNS, guard.accesses.length) * SIZE + 2, height: Math.ceil(guard.accesses.length / COLUMNS) * SIZE + 2, role: 'group', 'aria-label': `Accesses to ${guard.field}` });
      guard.accesses.forEach((access, index) => {
        const title = `${access.write ? 'written' : 'read'} ${KINDS[access.kind]}, ${place(access)}`;
        const square = element('svg:rect', { x: (index % COLUMNS) * SIZE + 1, y: Math.floor(index / COLUMNS) * SIZE + 1, width: SIZE - 2, height: SIZE - 2, rx: access.write ? 6 : 2,
          class: `access ${access.kind}${guard.number === chosen && index === chosenAccess ? ' chosen' : ''}`, id: `access-${guard.number}-${index}`, 'aria-label': title }, element('svg:title', {}, title));
        squares.append(clickable(square, () => go(`#guards/${guard.number}/${index}`)));
      });
      return element('tr', {},
        element('td', {}, element('a', { href: `#guards/${guard.number}`, id: `guard-${guard.number}` }, guard.field)),
        element('td', {}, guard.lock), element('td', { class: 'count' }, `${guard.held} of ${guard.all}`),
        element('td', { class: 'tag' }, guard.annotated ? 'annotated' : guard.confidence), element('td', {}, squares));
    });
    parts.push(element('h2', {}, owner || 'Not in a class'), element('table', {}, element('thead', {}, element('tr', {},
      ...['field', 'lock', 'held at', '', 'accesses (round: writes)'].map((title) => element('th', {}, title)))), element('tbody', {}, ...rows)));
  }
  view.replaceChildren(...parts);
  const guard = data.guards[chosen];
  if (!guard) return;
  const access = guard.accesses[chosenAccess];
  const describe = (a) => step({ ...a, message: `${a.write ? 'Written' : 'Read'} ${KINDS[a.kind]}${a.function ? `, in ${a.function}` : ''}${a.locks?.length ? `, holding ${a.locks.join(', ')}` : ''}:` });
  showDetail(`${guard.owner ? `${guard.owner}::` : ''}${guard.field}`,
    element('p', {}, `${guard.held} of ${count(guard.all, 'access', 'accesses')} ${guard.held === 1 ? 'holds' : 'hold'} ${guard.lock}${guard.annotated ? ', which its annotation requires' : ''}.`),
    access ? describe(access) : guard.accesses.map(describe),
    guard.annotated ? null : evidence(guard));
}

// ---- Not checked

function showProblems() {
  const shown = data.problems.filter((problem) => matches(problem.file, problem.text));
  view.replaceChildren(
    shown.length ? element('p', {}, 'The findings in these files may be incomplete:') : element('p', { class: 'empty' }, 'Every file was checked.'),
    element('ul', {}, ...shown.map((problem) => element('li', {}, element('span', { class: 'place' }, problem.file), ' ', problem.text))));
}

function show() {
  const [name, ...numbers] = location.hash.slice(1).split('/');
  const known = Object.hasOwn(views, name) ? name : 'findings';
  for (const tab of document.querySelectorAll('[role=tab]')) tab.setAttribute('aria-selected', String(tab.id === `tab-${known}`));
  detail.hidden = true;
  detail.classList.remove('wide');
  views[known](...numbers.map(Number));
}

document.getElementById('summary').textContent = data.summary;
document.getElementById('tab-problems').hidden = !data.problems.length;
filter.addEventListener('input', show);
window.addEventListener('hashchange', show);
show();
