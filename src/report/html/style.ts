/** The style sheet of the HTML reports: Chinese typesetting, dark mode, print, 400 to 1600 pixels. */

export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #fdfdfc; --panel: #f5f4f1; --line: #dddad3; --ink: #1f2227; --soft: #5b616b; --link: #1f55a5;
  --red: #a3201b; --red-bg: #fce8e6; --green: #17602f; --green-bg: #e1f3e4; --amber: #7f4f00; --amber-bg: #fdf0d3;
  --blue: #1f55a5; --blue-bg: #e6eefa; --focus: #1f55a5; --hit: #ffe27a;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #16181b; --panel: #1f2226; --line: #373c43; --ink: #e4e6e9; --soft: #a2a9b3; --link: #8fb8f5;
    --red: #ff9d94; --red-bg: #43201e; --green: #86d79a; --green-bg: #173823; --amber: #f0c069; --amber-bg: #3d2f12;
    --blue: #8fb8f5; --blue-bg: #1c2d47; --focus: #8fb8f5; --hit: #6b5600;
  }
}
*, *::before, *::after { box-sizing: border-box; }
[hidden] { display: none !important; }
html { scroll-padding-top: 1rem; -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 15px/1.7 system-ui, -apple-system, "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC",
    "Source Han Sans SC", "WenQuanYi Micro Hei", sans-serif;
  line-break: strict; overflow-wrap: anywhere; text-autospace: normal;
}
a { color: var(--link); text-underline-offset: .2em; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 3px; }
code, .place { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "Noto Sans Mono CJK SC", monospace; font-size: .88em; }
.place, .soft { color: var(--soft); }
del, ins, bdi { unicode-bidi: isolate; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 1rem; top: .5rem; background: var(--paper); padding: .3rem .6rem; z-index: 9; }

.top, .layout, .foot { max-width: 1480px; margin: 0 auto; padding: 0 1.5rem; }
.top { padding-top: 1.6rem; }
.brand { margin: 0; color: var(--soft); font-size: .9rem; letter-spacing: .04em; }
h1 { margin: .2rem 0 .8rem; font-size: 1.5rem; line-height: 1.4; font-weight: 650; }
h1 .arrow, h1 .folder { color: var(--soft); font-weight: 400; } h1 .folder { font-size: .75em; }
h2 { font-size: 1.2rem; margin: 2rem 0 .7rem; }
h3 { font-size: 1.02rem; margin: 1.3rem 0 .5rem; }
.tiles { display: flex; flex-wrap: wrap; gap: .6rem; margin: 0 0 1rem; padding: 0; }
.tiles div { background: var(--panel); border: 1px solid var(--line); border-radius: 8px; padding: .35rem .9rem .45rem; min-width: 6.4rem; }
.tiles dt { color: var(--soft); font-size: .85rem; }
.tiles dd { margin: 0; font-size: 1.45rem; line-height: 1.25; font-weight: 650; font-variant-numeric: tabular-nums; }
.tiles .bad dd { color: var(--red); } .tiles .good dd { color: var(--green); }
.needs { border-left: 4px solid var(--amber); background: var(--amber-bg); padding: .6rem 1rem; border-radius: 0 8px 8px 0; margin: 0 0 1rem; max-width: 62rem; }
.needs h2 { margin: 0; font-size: 1rem; } .needs ul { margin: .2rem 0 0; padding-left: 1.2rem; }

.filters { background: var(--paper); border-block: 1px solid var(--line); }
.filters > div { max-width: 1480px; margin: 0 auto; padding: .55rem 1.5rem; display: flex; flex-wrap: wrap; gap: .45rem 1rem; align-items: center; }
.filters fieldset { border: 0; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: .3rem; align-items: center; min-width: 0; }
.filters legend { float: left; padding: 0; margin-right: .35rem; color: var(--soft); font-size: .9rem; }
.filters output { color: var(--soft); font-size: .9rem; font-variant-numeric: tabular-nums; }
input[type="search"] { font: inherit; color: inherit; background: var(--panel); border: 1px solid var(--line); border-radius: 8px; padding: .3rem .7rem; width: 17rem; max-width: 100%; }
button { font: inherit; color: inherit; cursor: pointer; }
.chip { border: 1px solid var(--line); background: transparent; border-radius: 999px; padding: .1rem .75rem; font-size: .9rem; line-height: 1.6; }
.chip:hover { border-color: var(--link); }
.chip[aria-pressed="true"] { background: var(--link); border-color: var(--link); color: var(--paper); }
.chip b { font-weight: 500; opacity: .75; font-variant-numeric: tabular-nums; margin-left: .2em; }

.layout { display: grid; grid-template-columns: minmax(0, 1fr); gap: 2rem; padding-top: 1.2rem; }
.index { display: none; }
.index ol { list-style: none; margin: 0; padding: 0; font-size: .9rem; }
.index a { display: flex; gap: .5em; padding: .18rem .5rem; border-radius: 6px; color: inherit; text-decoration: none; }
.index a:hover { background: var(--panel); }
.index a[aria-current] { background: var(--blue-bg); }
.index .n { color: var(--soft); min-width: 1.8em; text-align: right; font-variant-numeric: tabular-nums; }
.index .what { flex: 1; min-width: 0; overflow: hidden; white-space: nowrap; text-overflow: ellipsis; } .index .dot { font-size: .8em; }

.change, .series { border: 1px solid var(--line); border-radius: 10px; margin: 0 0 1rem; background: var(--paper); content-visibility: auto; contain-intrinsic-size: auto 220px; scroll-margin-top: .6rem; }
.change { padding: .8rem 1.1rem 1rem; }
.change:focus, .series:focus-within { outline: 2px solid transparent; border-color: var(--focus); box-shadow: 0 0 0 2px var(--focus); }
.change > header { display: flex; flex-wrap: wrap; gap: .35rem .6rem; align-items: baseline; }
.change h3 { margin: 0; font-size: 1.08rem; } .change h3 a { color: var(--soft); text-decoration: none; font-weight: 400; margin-right: .35em; }
.change > header .place { margin-left: auto; }
.minor { border-style: dashed; }
.tag { display: inline-block; border-radius: 5px; padding: 0 .5em; font-size: .84rem; line-height: 1.6; background: var(--panel); color: var(--soft); white-space: nowrap; }
.tag.worse, .tag.error { background: var(--red-bg); color: var(--red); }
.tag.better, .tag.fixed { background: var(--green-bg); color: var(--green); }
.tag.warning, .tag.important { background: var(--amber-bg); color: var(--amber); }
.tag.info { background: var(--blue-bg); color: var(--blue); }
.meanings { list-style: none; margin: .45rem 0 0; padding: 0; font-weight: 550; }
.meanings li { padding-left: 1.4em; text-indent: -1.4em; } .meanings .tag { text-indent: 0; font-weight: 400; }
.meanings .sign { display: inline-block; width: 1.4em; text-indent: 0; }
.worse > .sign { color: var(--red); } .better > .sign { color: var(--green); } .neutral > .sign { color: var(--soft); }

.redline, .sides > div { line-height: 1.9; white-space: pre-wrap; }
.redline { margin: .55rem 0 0; max-width: 54em; }
del { color: var(--red); background: var(--red-bg); text-decoration: line-through; text-decoration-thickness: 1px; border-radius: 3px; padding: .05em .1em; }
ins { color: var(--green); background: var(--green-bg); text-decoration: underline; text-underline-offset: .22em; text-decoration-thickness: 1px; border-radius: 3px; padding: .05em .1em; }
.whole .redline, .whole .sides > div { border-left: 3px solid var(--line); padding-left: .8rem; }
.whole .redline:has(ins) { border-color: var(--green); } .whole .redline:has(del) { border-color: var(--red); }
.whole ins { color: inherit; background: none; text-decoration: none; }
.whole del { color: inherit; background: none; text-decoration-color: var(--red); }
.gap { border: 0; background: var(--panel); color: var(--soft); border-radius: 5px; padding: 0 .5em; margin: 0 .2em; font-size: .84rem; line-height: 1.6; }
.gap:hover { color: var(--link); }
.sides { display: none; margin-top: .55rem; }
.side .sides { display: grid; grid-template-columns: 1fr 1fr; gap: 0 1.2rem; }
.side .sides + .redline { display: none; }
.sides > div { padding: .1rem 0 .1rem .8rem; border-left: 3px solid var(--line); min-width: 0; }
.sides > div:first-child { border-color: var(--red); } .sides > div:last-child { border-color: var(--green); }
.sides b { display: block; font-size: .84rem; font-weight: 500; color: var(--soft); line-height: 1.6; }
::highlight(hit) { background: var(--hit); }

.found { list-style: none; margin: .6rem 0 0; padding: .45rem 0 0; border-top: 1px dashed var(--line); display: grid; gap: .25rem; }
.finding { border-left: 3px solid var(--line); padding: .1rem 0 .1rem .9rem; margin: .8rem 0; max-width: 62rem; }
.finding.error { border-color: var(--red); } .finding.warning { border-color: var(--amber); } .finding.info { border-color: var(--blue); }
.finding p { margin: .15rem 0; }
.finding dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .1rem .8rem; margin: .2rem 0 0; }
.finding dt { color: var(--soft); } .finding dd { margin: 0; }
.group > summary, .series > summary { cursor: pointer; }
.group > summary { font-weight: 600; padding: .2rem 0; }
.empty { color: var(--soft); padding: 1rem 0; }

.series:not([open]) { margin-bottom: .4rem; } .series:not([open]) > summary { padding-block: .35rem; }
.series > summary { padding: .6rem 1.1rem; display: flex; flex-wrap: wrap; gap: .3rem .7rem; align-items: baseline; }
.series > summary::before { content: "▸"; color: var(--soft); } .series[open] > summary::before { content: "▾"; }
.series > summary::-webkit-details-marker { display: none; }
.series > summary h2 { display: inline; margin: 0; font-size: 1.06rem; }
.series > summary .when { margin-left: auto; font-variant-numeric: tabular-nums; }
.series > div { padding: 0 1.1rem 1rem; }
.timeline { display: block; width: 100%; font-size: 12px; margin: .3rem 0 .2rem; overflow: visible; }
.timeline text { fill: var(--soft); font-variant-numeric: tabular-nums; } .timeline .grid { stroke: var(--line); }
.timeline .consultation { stroke: var(--blue); opacity: .55; } .timeline .publicity { stroke: var(--amber); opacity: .6; }
.timeline .notice { stroke: var(--soft); stroke-dasharray: 2 3; } .timeline .effective { fill: var(--green); }
.timeline .seen { fill: none; stroke: var(--soft); stroke-width: 1.5; }
.timeline .error { fill: var(--red); font-weight: 700; } .timeline .warning { fill: var(--amber); font-weight: 700; }
.key { display: flex; flex-wrap: wrap; gap: .1rem 1.1rem; color: var(--soft); font-size: .86rem; margin: 0 0 .6rem; padding: 0; list-style: none; }
.key i { font-style: normal; margin-right: .3em; } .key .consultation { color: var(--blue); } .key .publicity { color: var(--amber); } .key .effective { color: var(--green); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .92rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .25rem 1.1rem .25rem 0; border-bottom: 1px solid var(--line); vertical-align: top; white-space: nowrap; }
th { color: var(--soft); font-weight: 500; } td:last-child { white-space: normal; min-width: 12rem; }
.unstated { color: var(--soft); font-style: normal; }
.steps { list-style: none; padding: 0; margin: .8rem 0 0; }
.steps > li { padding: .25rem 0; } .steps .n { color: var(--blue); font-variant-numeric: tabular-nums; margin-right: .6em; }

.foot { color: var(--soft); font-size: .86rem; border-top: 1px solid var(--line); margin-top: 2rem; padding-block: 1rem 2rem; }
.foot p { margin: .1rem 0; }
dialog { border: 1px solid var(--line); border-radius: 12px; background: var(--paper); color: var(--ink); padding: 1.2rem 1.6rem; max-width: min(30rem, 92vw); }
dialog::backdrop { background: rgb(0 0 0 / .4); }
dialog h2 { margin: 0 0 .6rem; } dialog dl { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1rem; margin: 0 0 1rem; } dialog dd { margin: 0; }
kbd { font: inherit; font-size: .88em; border: 1px solid var(--line); border-bottom-width: 2px; border-radius: 5px; padding: 0 .45em; background: var(--panel); }

@media (min-width: 700px) and (min-height: 600px) { .filters { position: sticky; top: 0; z-index: 5; } html { scroll-padding-top: 7rem; } .change, .series { scroll-margin-top: 0; } }
@media (min-width: 1100px) {
  .layout.indexed { grid-template-columns: 18rem minmax(0, 1fr); }
  .index { display: block; position: sticky; top: 7rem; align-self: start; max-height: calc(100vh - 8rem); overflow-y: auto; }
}
@media (max-width: 699px) {
  .top, .layout, .foot, .filters > div { padding-inline: .9rem; }
  h1 { font-size: 1.2rem; } .change { padding-inline: .8rem; } .change > header .place { margin-left: 0; width: 100%; }
  .tiles div { min-width: 0; flex: 1 1 auto; padding-inline: .65rem; } .tiles dd { font-size: 1.2rem; }
  input[type="search"] { width: 100%; } .filters label { width: 100%; }
  .side .sides { grid-template-columns: minmax(0, 1fr); gap: .5rem; }
  .series > summary .when { margin-left: 0; }
}
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
@media print {
  :root {
    color-scheme: light;
    --paper: #fff; --panel: #fff; --line: #bbb; --ink: #000; --soft: #444; --link: #000; --red: #8c1510; --red-bg: #fff;
    --green: #0d5224; --green-bg: #fff; --amber: #6b4200; --amber-bg: #fff; --blue: #1b4a90; --blue-bg: #fff; --hit: #fff;
  }
  body { font-size: 10.5pt; }
  .filters, .index, .skip, dialog, .gap, .also { display: none !important; }
  .layout, .layout.indexed { display: block; } .top, .layout, .foot { padding-inline: 0; max-width: none; }
  .change[hidden], .series[hidden], .empty { display: block !important; } .empty { display: none !important; }
  .rest[hidden] { display: inline !important; }
  .change, .series { content-visibility: visible; border-width: 0 0 1px; border-radius: 0; padding-inline: 0; box-shadow: none !important; }
  .series > summary, .series > div { padding-inline: 0; } .series > summary::before { content: none !important; }
  .tag { border: 1px solid currentColor; }
  h1, h2, h3, header, summary { break-after: avoid; } .finding, .meanings, tr, .timeline { break-inside: avoid; }
  p, .redline { orphans: 2; widows: 2; }
  details::details-content { content-visibility: visible; display: block; }
  .scroll { overflow: visible; } th, td { white-space: normal; padding-right: .6rem; }
}
`
