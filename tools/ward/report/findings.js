// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The view of the findings in the report page, with a data race as two columns and a deadlock as a ring. report.js follows it in the same script.
'use strict';

const SEVERITIES = {
  'use-after-free': 'Use after free', deadlock: 'Deadlocks', 'data-race': 'Data races', 'lost-wakeup': 'Lost wakeups',
  termination: 'Program termination', contention: 'Contention', style: 'Style',
};

// The findings of one defect, as one entry: the places, by number, in the order of the report.
function defects(findings) {
  const byGroup = new Map();
  findings.forEach((finding) => {
    if (!byGroup.has(finding.group)) byGroup.set(finding.group, []);
    byGroup.get(finding.group).push(finding);
  });
  return [...byGroup.values()];
}

function showFindings(chosen) {
  const numbered = data.findings.map((finding, number) => ({ ...finding, number }));
  const shown = defects(numbered).filter((places) => places.some((f) => matches(f.file, f.check, f.message, f.severity)));
  const groups = new Map();
  for (const places of shown) {
    const key = places[0][grouping];
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(places);
  }
  const by = (what) =>
    element('button', { 'aria-pressed': String(grouping === what), id: `by-${what}`, onclick: () => { grouping = what; show(); } }, `by ${what}`);
  const parts = [element('div', { class: 'choice', role: 'group', 'aria-label': 'Group by' }, by('severity'), by('check'), by('file'))];
  if (!shown.length) parts.push(element('p', { class: 'empty' }, data.findings.length ? 'No finding matches the filter.' : 'No findings.'));
  // The report is in the order of severity; the others begin with what has most.
  const sorted = grouping === 'severity' ? [...groups] : [...groups].sort((a, b) => b[1].length - a[1].length || a[0].localeCompare(b[0]));
  for (const [key, entries] of sorted) {
    const list = entries.map((places) => {
      const f = places[0], current = places.some(({ number }) => number === chosen);
      return element('button', { class: 'finding', id: `finding-${f.number}`, 'aria-current': String(current), onclick: () => go(`#findings/${f.number}`) },
        element('span', { class: 'place' }, grouping === 'file' ? `${f.line} ` : `${place(f)} `),
        places.length > 1 ? element('span', { class: 'tag' }, `and ${count(places.length - 1, 'more place', 'more places')}`) : null,
        element('br'), f.message, ' ', element('span', { class: 'tag' }, grouping === 'check' ? '' : `[${f.check}]`),
        f.confidence === 'sure' ? null : element('span', { class: 'tag' }, ` ${f.confidence}`));
    });
    const about = data.checks[key] ? element('p', { class: 'tag' }, data.checks[key]) : null;
    const open = groups.size <= 4 || entries.length <= 12 || entries.flat().some((f) => f.number === chosen);
    parts.push(element('details', { open }, element('summary', {}, SEVERITIES[key] || key, ' ', element('span', { class: 'count' }, String(entries.length))), about, ...list));
  }
  view.replaceChildren(...parts);
  if (chosen !== undefined && data.findings[chosen]) {
    showFinding(numbered[chosen], numbered.filter((f) => f.group === numbered[chosen].group && f.number !== chosen));
    document.querySelector('.finding[aria-current=true]')?.scrollIntoView({ block: 'nearest' });
  }
}

function showFinding(finding, others) {
  const edges = ringOf(finding), first = finding.notes[0];
  // A note at the place of the finding shows its code.
  const repeated = first && first.file === finding.file && first.line === finding.line;
  detail.classList.toggle('wide', Boolean(finding.race));
  const reasons = finding.race ? raceColumns(finding) : edges.length > 1 ? [ring(edges), ...finding.notes.map(step)] : finding.notes.map(step);
  const list = others.length
    ? [element('h2', {}, 'The same defect at other places'),
      element('ul', {}, ...others.map((f) => element('li', {}, element('a', { href: `#findings/${f.number}` }, place(f)), ' ', f.message)))]
    : [];
  showDetail(finding.check,
    element('p', { class: 'tag' }, `${SEVERITIES[finding.severity] || finding.severity}, confidence: ${finding.confidence}. Fingerprint ${finding.fingerprint}`),
    finding.race || repeated ? element('p', {}, finding.message) : step(finding), reasons, list, guardOf(finding),
    element('p', { class: 'tag' }, `If it is wrong: // NOLINT(${finding.check}) at the end of the line, or an entry in a baseline.`));
}

// A data race as two columns: what each thread does, and the locks that it holds.
function raceColumns(finding) {
  const column = (title, side) => {
    const holds = side.holds.length ? `holds ${side.holds.join(', ')}` : side.lacks.length ? `does not hold ${side.lacks.join(', ')}` : 'no lock in common';
    const own = side.main ? step({ ...finding, message: '' }) : [];
    return element('div', { class: 'thread' }, element('h3', {}, title, ' ', element('span', { class: side.holds.length ? 'lockset held' : 'lockset' }, holds)),
      ...[own, ...side.notes.map((note) => step(finding.notes[note]))].flat().filter(Boolean));
  };
  const shown = new Set(finding.race.flatMap((side) => side.notes));
  return [element('div', { class: 'threads' }, column('Thread A', finding.race[0]), column('Thread B', finding.race[1])),
    ...finding.notes.filter((_, number) => !shown.has(number)).map(step)];
}

// The field that a data race is on: its lock with what speaks for and against it, all accesses, and what leads to those without the lock.
function guardOf(finding) {
  const guard = data.guards[finding.guard];
  if (!guard) return null;
  const isHere = (a) => a.file === finding.file && a.line === finding.line && a.column === finding.column;
  const accesses = guard.accesses.map((a) => element('li', { class: a.kind }, isHere(a) ? '▸ ' : '', element('span', { class: 'place' }, place(a)),
    ` ${a.write ? 'written' : 'read'} in ${a.function}, holds ${lockNames(a)}`));
  const bare = guard.accesses.filter((a) => a.kind !== 'held').sort((a, b) => isHere(b) - isHere(a));
  const functions = [...new Set(bare.map((a) => a.in))].slice(0, 5);
  return element('section', {}, element('h2', {}, element('a', { href: `#guards/${finding.guard}` }, `${guard.field} and its lock ${guard.lock}`)),
    guard.annotated ? element('p', {}, 'Its annotation requires the lock.') : evidence(guard),
    element('ul', { class: 'accesses' }, ...accesses),
    ...functions.flatMap((number) => [element('h3', {}, `What leads to ${data.functions[number].name}`), callers(number, [number])]));
}

const lockNames = ({ locks }) => (locks.length ? locks.join(', ') : 'no lock');

function evidence(guard) {
  return element('table', { class: 'evidence' }, element('caption', {}, `confidence: ${guard.confidence}`), element('tbody', {},
    ...guard.evidence.map(({ term, weight }) => element('tr', {}, element('td', { class: 'count' }, `${weight > 0 ? '+' : '−'}${Math.abs(weight)}`), element('td', {}, term)))));
}

// The threads and calls that lead to a function, as nested lists; `path` has the functions on the way.
function callers(number, path) {
  const { started, callers: calls, calls: all } = data.functions[number];
  if (!started.length && !all) return element('p', { class: 'tag' }, 'No call of it is seen.');
  const items = started.map((at) => element('li', {}, element('span', { class: 'place' }, place(at)), ` a thread starts with it in ${at.function}`));
  for (const call of calls) {
    const caller = data.functions[call.in];
    items.push(element('li', {}, element('span', { class: 'place' }, place(call)), ` called in ${caller.name}, which holds ${lockNames(call)}`,
      path.includes(call.in) || (!caller.callers.length && !caller.started.length) ? null : callers(call.in, [...path, call.in])));
  }
  if (calls.length && all > calls.length) items.push(element('li', {}, `and ${count(all - calls.length, 'more call', 'more calls')}`));
  return element('ul', { class: 'callers' }, ...items);
}

// The edges of a deadlock, from its notes: a thread holds one lock and acquires the next one.
function ringOf(finding) {
  if (finding.severity !== 'deadlock') return [];
  return finding.notes.map((note) => ({ note, names: /^'([^']*)' is held here, and (?:this call acquires )?'([^']*)'/.exec(note.message) }))
    .filter(({ names }) => names).map(({ note, names }) => ({ note, held: names[1], acquired: names[2] }));
}

// A deadlock as a ring: each thread holds the lock at the tail of its arrow and waits for the one at its head.
function ring(edges) {
  const locks = [...new Set(edges.flatMap((edge) => [edge.held, edge.acquired]))];
  const HIGH = 28, wide = Math.max(...locks.map((name) => name.length)) * 7.3 + 18;
  const radiusX = wide / 2 + 70, radiusY = 70 + locks.length * 8;
  const width = 2 * radiusX + wide + 20, height = (locks.length === 2 ? radiusY + 70 : 2 * radiusY + 20) + HIGH;
  const at = (index) => {
    const angle = Math.PI + (2 * Math.PI * index) / locks.length;
    return { x: width / 2 + radiusX * Math.cos(angle), y: height / 2 + (locks.length === 2 ? 0 : radiusY * Math.sin(angle)) };
  };
  const picture = element('svg:svg', { viewBox: `0 0 ${width} ${height}`, width, class: 'ring', role: 'img', 'aria-label': edges.map((e) => `${e.acquired} is acquired while holding ${e.held}`).join('; ') },
    element('svg:defs', {}, element('svg:marker', { id: 'ring-arrow', viewBox: '0 0 8 8', refX: 7.5, refY: 4, markerWidth: 9, markerHeight: 9, orient: 'auto', markerUnits: 'userSpaceOnUse' },
      element('svg:path', { d: 'M0,0 L8,4 L0,8 z', class: 'arrow cyclic' }))));
  edges.forEach((edge, number) => {
    const a = at(locks.indexOf(edge.held)), b = at(locks.indexOf(edge.acquired));
    // Arcs bend outwards, so that two locks have one above and one below. They begin and end at the edge of the boxes.
    const side = Math.sign(b.x - a.x) || 1, bend = locks.length === 2 ? side * -radiusY : 0;
    const middle = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 + bend };
    const border = (box, towards) => {
      const dx = towards.x - box.x, dy = towards.y - box.y;
      const scale = 1 / Math.max(Math.abs(dx) / (wide / 2 + 3), Math.abs(dy) / (HIGH / 2 + 3));
      return `${box.x + dx * scale},${box.y + dy * scale}`;
    };
    picture.append(element('svg:path', { class: 'edge-line', d: `M${border(a, middle)} Q${middle.x},${middle.y} ${border(b, middle)}`, 'marker-end': 'url(#ring-arrow)' }),
      element('svg:text', { x: middle.x, y: (a.y + b.y) / 2 + bend / 2 + (bend > 0 ? 26 : bend ? -16 : 4), 'text-anchor': 'middle' }, `Thread ${String.fromCharCode(65 + number)}, ${place(edge.note).split('/').pop()}`));
  });
  locks.forEach((name, index) => {
    const { x, y } = at(index);
    picture.append(element('svg:g', { class: 'lock cyclic' }, element('svg:rect', { x: x - wide / 2, y: y - HIGH / 2, width: wide, height: HIGH }),
      element('svg:text', { x, y: y + 4, 'text-anchor': 'middle' }, name)));
  });
  return picture;
}
