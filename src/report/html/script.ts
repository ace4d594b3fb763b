/** The script of the HTML reports: filters, search, keyboard, side-by-side view. Plain JavaScript for a browser, no network. */

export const SCRIPT = String.raw`
'use strict'
{
  const all = (selector, root = document) => [...root.querySelectorAll(selector)]
  const one = selector => document.querySelector(selector)
  const search = one('#search')
  const shown = one('#shown')
  const chips = all('.chip[data-group]')
  const minor = one('#minor')
  const side = one('#side')
  const help = one('#help')
  const empty = one('#empty')

  // What one item says on the old side and on the new one: a search for "500元" finds it in 500元 → 2000元.
  const words = item => {
    let before = ''
    let after = ''
    const walk = document.createTreeWalker(item, NodeFilter.SHOW_TEXT)
    while (walk.nextNode()) {
      const { data, parentElement } = walk.currentNode
      if (!parentElement.closest('ins')) before += data
      if (!parentElement.closest('del')) after += data
    }
    return (before + '\n' + after).toLowerCase()
  }
  const items = all('[data-item]').map(node => ({
    node,
    link: one('.index a[href="#' + node.id + '"]'),
    minor: node.dataset.minor !== undefined,
    words: words(node),
  }))
  const visible = () => items.filter(item => !item.node.hidden)

  const mark = query => {
    if (!('highlights' in CSS)) return
    CSS.highlights.delete('hit')
    if (query === '') return
    const hits = new Highlight()
    for (const { node } of visible()) {
      const walk = document.createTreeWalker(node, NodeFilter.SHOW_TEXT)
      while (walk.nextNode() && hits.size < 2000) {
        const text = walk.currentNode.data.toLowerCase()
        for (let at = text.indexOf(query); at >= 0; at = text.indexOf(query, at + query.length)) {
          if (at + query.length > walk.currentNode.length) break
          const range = new Range()
          range.setStart(walk.currentNode, at)
          range.setEnd(walk.currentNode, at + query.length)
          hits.add(range)
        }
      }
    }
    CSS.highlights.set('hit', hits)
  }

  const filter = () => {
    const query = search.value.trim().toLowerCase()
    const wanted = new Map()
    for (const { dataset } of chips.filter(chip => chip.getAttribute('aria-pressed') === 'true')) {
      if (!wanted.has(dataset.group)) wanted.set(dataset.group, [])
      wanted.get(dataset.group).push(dataset.value)
    }
    // A kind or a word asked for by name is shown even where it is but editorial.
    const small = minor === null || minor.getAttribute('aria-pressed') === 'true' || query !== '' || wanted.has('kind')
    let n = 0
    for (const item of items) {
      const fits =
        (small || !item.minor) &&
        (query === '' || item.words.includes(query)) &&
        [...wanted].every(([group, values]) => {
          const own = (item.node.dataset[group] || '').split(' ')
          return values.some(value => own.includes(value))
        })
      item.node.hidden = !fits
      if (item.link) item.link.parentElement.hidden = !fits
      if (fits) n += 1
    }
    shown.textContent = shown.dataset.text.replace('{n}', n).replace('{all}', items.length)
    if (empty) empty.hidden = n > 0
    mark(query)
  }
  const reset = () => {
    search.value = ''
    for (const chip of chips) chip.setAttribute('aria-pressed', 'false')
    if (minor) minor.setAttribute('aria-pressed', 'true')
    filter()
  }
  const press = button => {
    const on = button.getAttribute('aria-pressed') !== 'true'
    button.setAttribute('aria-pressed', String(on))
    return on
  }

  const column = (redline, title, none, without) => {
    const box = document.createElement('div')
    const copy = redline.cloneNode(true)
    for (const node of all(without, copy)) node.remove()
    const head = document.createElement('b')
    head.textContent = title
    box.append(head, ...(copy.textContent.trim() === '' ? [none] : copy.childNodes))
    return box
  }
  const compare = on => {
    const { before, after, none } = side.dataset
    if (on)
      for (const redline of all('.redline')) {
        if (redline.previousElementSibling && redline.previousElementSibling.className === 'sides') continue
        const sides = document.createElement('div')
        sides.className = 'sides'
        sides.lang = redline.lang
        sides.append(column(redline, before, none, 'ins'), column(redline, after, none, 'del'))
        redline.before(sides)
      }
    document.body.classList.toggle('side', on)
    mark(search.value.trim().toLowerCase())
  }

  let current = null
  const go = step => {
    const list = visible()
    if (list.length === 0) return
    const focused = list.findIndex(({ node }) => node.contains(document.activeElement))
    const at = focused >= 0 ? focused : list.findIndex(item => item === current)
    const next = at < 0 ? (step > 0 ? 0 : list.length - 1) : Math.min(Math.max(at + step, 0), list.length - 1)
    if (current && current.link) current.link.removeAttribute('aria-current')
    current = list[next]
    if (current.link) {
      current.link.setAttribute('aria-current', 'true')
      current.link.scrollIntoView({ block: 'nearest', behavior: 'instant' })
    }
    const target = current.node.querySelector(':scope > summary') || current.node
    target.focus({ preventScroll: true })
    current.node.scrollIntoView({ block: 'start', behavior: 'instant' })
  }

  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
    const { key, target } = event
    if (target === search) {
      if (key === 'Escape') {
        search.value = ''
        filter()
        search.blur()
      } else if (key === 'Enter') {
        event.preventDefault()
        search.blur()
        go(1)
      }
      return
    }
    if (help.open) return
    const act = {
      j: () => go(1),
      k: () => go(-1),
      s: () => side && compare(press(side)),
      '/': () => { search.focus(); search.select() },
      '?': () => help.showModal(),
    }[key]
    if (act === undefined) return
    event.preventDefault()
    act()
  })
  document.addEventListener('click', event => {
    const button = event.target.closest('button')
    const link = event.target.closest('a[href^="#"]')
    if (link) {
      const target = document.getElementById(link.getAttribute('href').slice(1))
      if (target && target.closest('[hidden]')) reset()
      const folded = target && target.closest('details')
      if (folded) folded.open = true
    }
    if (button === null) return
    if (button.className === 'gap') {
      const rest = button.nextElementSibling
      rest.hidden = !rest.hidden
      button.setAttribute('aria-expanded', String(!rest.hidden))
    } else if (button === side) compare(press(side))
    else if (button.id === 'ask') help.showModal()
    else if (button.id === 'close') help.close()
    else if (button.id === 'unfold') {
      const open = press(button)
      for (const series of all('details.series')) series.open = open
    } else if (button.classList.contains('chip')) {
      press(button)
      filter()
    }
  })
  let due = 0
  search.addEventListener('input', () => {
    clearTimeout(due)
    due = setTimeout(filter, 60)
  })
  one('.filters').addEventListener('submit', event => event.preventDefault())

  let folded = []
  addEventListener('beforeprint', () => {
    folded = all('details:not([open])')
    for (const details of folded) details.open = true
  })
  addEventListener('afterprint', () => {
    for (const details of folded) details.open = false
  })
  filter()
}
`
