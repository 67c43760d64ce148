// Draws the summary: one bar for each ratio, with a mark at its target. Readable on light and on
// dark backgrounds.
import { inWords } from './summary.js';

const width = 760;
const row = 34;
const head = 80;
const from = 384;
const longest = width - from - 84;

const style = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .title { font-weight: 600; font-size: 15px }
  .small { font-size: 11.5px; fill: #59636e }
  .paper { fill: #ffffff }
  .met { fill: #2f7d4f }
  .missed { fill: #b3541e }
  .other { fill: #7a8591 }
  .target { stroke: #1f2328; stroke-width: 2 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .small { fill: #9198a1 }
    .paper { fill: #0d1117 }
    .met { fill: #4fb477 }
    .missed { fill: #e08a4f }
    .target { stroke: #e6edf3 }
  }`;

const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/**
 * Each bar has a scale of its own, because each ratio has another unit: its target is at a quarter
 * of the scale or more.
 */
function bar({ what, ratio, unit, least, most, met }, n) {
  const target = least ?? most;
  const whole =
    unit === '%' && most === null ? Math.max(1, ratio) : Math.max(ratio, target ?? 0) * 1.15;
  const at = (value) => (from + (value / whole) * longest).toFixed(1);
  const y = head + n * row;
  const kind = met === null ? 'other' : met ? 'met' : 'missed';
  const mark =
    target === null
      ? ''
      : `<line class="target" x1="${at(target)}" x2="${at(target)}" y1="${y + 3}" y2="${y + 23}"/>`;
  const wanted =
    target === null
      ? ''
      : ` <tspan class="small">${least === null ? '≤' : '≥'} ${inWords(target, unit)}</tspan>`;
  return `<text x="16" y="${y + 18}">${escape(what)}${wanted}</text>
<rect class="${kind}" x="${from}" y="${y + 6}" width="${(at(ratio) - from).toFixed(1)}" height="14" rx="2"/>${mark}
<text x="${width - 72}" y="${y + 18}">${inWords(ratio, unit)}</text>`;
}

export function chart({ date, machine, setting, summary }) {
  const height = head + summary.length * row + 16;
  const where = `${date} · ${machine.cores} cores, ${machine.platform} ${machine.arch}, Node ${machine.node} · bcrypt cost ${setting.cost}, as shipped ${setting.shipped}`;
  const how = `Medians of ${setting.rounds} rounds of one run · the mark is the target`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="Flowcept beside Better Auth and bare Hono">
<style>${style}
</style>
<rect class="paper" width="${width}" height="${height}" rx="6"/>
<text class="title" x="16" y="28">Flowcept beside Better Auth and bare Hono</text>
<text class="small" x="16" y="47">${escape(where)}</text>
<text class="small" x="16" y="64">${escape(how)}</text>
${summary.map(bar).join('\n')}
</svg>
`;
}
