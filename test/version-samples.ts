/** Hand-made comparisons and timelines of invented platforms, for the tests of the reports. */

import type { Finding } from '../src/types.js'
import type {
  Change,
  ChangeCounts,
  ClauseText,
  History,
  HistoryVersion,
  Series,
  VersionDiff,
} from '../src/versions/types.js'

/** A finding of the invented market; `over` says what differs. */
export const finding = (over: Partial<Finding> = {}): Finding => ({
  ruleId: 'unbounded-penalty',
  severity: 'error',
  confidence: 'high',
  path: 'rules/merchant-2026-06.md',
  clause: '第六条（二）',
  start: { line: 21, column: 1, offset: 520 },
  end: { line: 21, column: 30, offset: 549 },
  sentence: '云杉集市有权视情节从保证金中扣除2000元至50000元违约金，商家对扣除结果不得提出异议。',
  evidence: '不得提出异议',
  message: '“不得提出异议”剥夺了商家的申诉权利。',
  suggestion: '写明申诉渠道、期限和处理流程。',
  citations: [{ law: '办法', article: 24, paragraph: 1, item: null, url: null }],
  consequence: '责令限期改正，可处罚款。',
  fingerprint: 'a1b2c3',
  ...over,
})

/** A clause of one side; its place follows from `offset`, one line per fifty characters. */
export const clause = (name: string, text: string, offset: number): ClauseText => ({
  clause: name,
  start: { line: 1 + Math.floor(offset / 50), column: 1, offset },
  end: { line: 1 + Math.floor((offset + text.length) / 50), column: 1, offset: offset + text.length },
  text,
})

const LEAD =
  '商家应当按照本规则和平台公示的经营规范诚信经营，妥善保管账号和密码，如实填报主体信息、资质信息和商品信息，并在信息发生变更之日起及时更新；因商家填报不实造成消费者损失的，由商家依法承担责任。'

/** An altered clause: the cap of a penalty rises, the appeal goes. */
export const altered: Change = {
  kind: 'altered',
  old: [
    clause(
      '第五条（二）',
      `${LEAD}商家违反前款约定的，云杉集市可以从保证金中扣除不超过500元的违约金，商家可以在15日内提出申诉。`,
      400,
    ),
  ],
  new: [
    clause(
      '第六条（二）',
      `${LEAD}商家违反前款约定的，云杉集市有权从保证金中扣除不超过2000元的违约金，商家对扣除结果不得提出异议。`,
      460,
    ),
  ],
  matchedBy: 'similarity',
  similarity: 0.86,
  editorial: false,
  edits: [
    { kind: 'equal', text: `${LEAD}商家违反前款约定的，云杉集市` },
    { kind: 'delete', text: '可以' },
    { kind: 'insert', text: '有权' },
    { kind: 'equal', text: '从保证金中扣除不超过' },
    { kind: 'delete', text: '500' },
    { kind: 'insert', text: '2000' },
    { kind: 'equal', text: '元的违约金，商家' },
    { kind: 'delete', text: '可以在15日内提出申诉' },
    { kind: 'insert', text: '对扣除结果不得提出异议' },
    { kind: 'equal', text: '。' },
  ],
  meanings: [
    {
      kind: 'amount',
      from: '500元',
      to: '2000元',
      affects: 'merchant',
      direction: 'worse',
      summary: '违约金上限由500元提高到2000元：对商家不利',
      important: true,
    },
    {
      kind: 'right-removed',
      from: '可以在15日内提出申诉',
      to: null,
      affects: 'merchant',
      direction: 'worse',
      summary: '删去商家15日内的申诉权：对商家不利',
      important: true,
    },
  ],
}

const ADDED = '消费者申请“仅退款”的，平台应当在48小时内通知商家并听取意见。'
const REMOVED = '平台每季度公布一次上一季度的违规处理情况。'
const SAME = '本规则由云杉集市运营方负责解释，与法律法规不一致的，以法律法规为准。'

/** One comparison with a change of every common kind, and a finding introduced, fixed and carried over. */
export function sampleDiff(over: Partial<VersionDiff> = {}): VersionDiff {
  const added: Change = {
    kind: 'added',
    old: [],
    new: [clause('第九条', ADDED, 900)],
    matchedBy: null,
    similarity: null,
    editorial: false,
    edits: [{ kind: 'insert', text: ADDED }],
    meanings: [
      {
        kind: 'duty-added',
        from: null,
        to: '48小时内通知商家',
        affects: 'merchant',
        direction: 'better',
        summary: '新增平台义务：48小时内通知商家并听取意见，对商家有利',
        important: false,
      },
    ],
  }
  const removed: Change = {
    kind: 'removed',
    old: [clause('第十条', REMOVED, 800)],
    new: [],
    matchedBy: null,
    similarity: null,
    editorial: false,
    edits: [{ kind: 'delete', text: REMOVED }],
    meanings: [],
  }
  const renumbered = (n: number): Change => ({
    kind: 'renumbered',
    old: [clause(`第${n}条`, SAME, 1000 + n * 60)],
    new: [clause(`第${n + 1}条`, SAME, 1060 + n * 60)],
    matchedBy: 'exact',
    similarity: 1,
    editorial: true,
    edits: [{ kind: 'equal', text: SAME }],
    meanings: [],
  })
  return {
    old: { path: 'rules/merchant-2026-01.md', sha256: 'a'.repeat(64) },
    new: { path: 'rules/merchant-2026-06.md', sha256: 'b'.repeat(64) },
    changes: [altered, added, removed, renumbered(11), renumbered(12)],
    findings: {
      introduced: [finding()],
      fixed: [
        finding({
          ruleId: 'vague-period',
          severity: 'warning',
          path: 'rules/merchant-2026-01.md',
          clause: '第十条',
          start: { line: 17, column: 1, offset: 805 },
          end: { line: 17, column: 9, offset: 812 },
          message: '公布的时间不明确。',
          evidence: '每季度公布',
          fingerprint: 'd4',
        }),
      ],
      carried: [
        finding({
          ruleId: 'final-interpretation',
          severity: 'info',
          clause: '第十二条',
          start: { line: 40, column: 1, offset: 5000 },
          end: { line: 40, column: 9, offset: 5010 },
          message: '“最终解释权”类约定。',
          fingerprint: 'e5',
        }),
      ],
    },
    summary: { added: 1, removed: 1, altered: 1, moved: 0, renumbered: 2, split: 0, merged: 0 },
    substantive: 3,
    needs: {
      fifteenDays: true,
      transition: true,
      because: ['2处修改关系有关各方重要权益：应当至少提前十五日公示（办法第十二条第二款）'],
    },
    notices: [],
    ...over,
  }
}

export const version = (over: Partial<HistoryVersion> = {}): HistoryVersion => ({
  path: 'rules/a.md',
  stage: 'in-force',
  seen: null,
  consultation: null,
  published: null,
  publicityEnds: null,
  effective: null,
  noticeDays: null,
  sha256: 'c'.repeat(64),
  ...over,
})

const NONE: ChangeCounts = { added: 0, removed: 0, altered: 0, moved: 0, renumbered: 0, split: 0, merged: 0 }

/** A rule with a consultation, a publication that was too short, and a version that says no date at all. */
export function sampleSeries(over: Partial<Series> = {}): Series {
  return {
    title: '云杉集市商家违规处理规则',
    versions: [
      version({ path: 'rules/penalty-2025.md', stage: 'unknown' }),
      version({
        path: 'rules/penalty-2026-draft.md',
        stage: 'consultation',
        seen: '2026-05-20',
        consultation: { from: '2026-05-20', to: '2026-05-27' },
      }),
      version({
        path: 'rules/penalty-2026.md',
        stage: 'publication',
        seen: '2026-06-11',
        consultation: { from: '2026-05-20', to: '2026-05-27' },
        published: '2026-06-11',
        publicityEnds: '2026-06-15',
        effective: '2026-06-16',
        noticeDays: 5,
      }),
    ],
    steps: [
      {
        from: 0,
        to: 1,
        summary: { ...NONE, altered: 4, added: 1, renumbered: 12 },
        findings: { introduced: [finding({ path: 'rules/penalty-2026-draft.md' })], fixed: [], carried: 3 },
      },
      { from: 1, to: 2, summary: NONE, findings: { introduced: [], fixed: [], carried: 4 } },
    ],
    findings: [
      finding({
        ruleId: 'short-notice',
        path: 'rules/penalty-2026.md',
        clause: '',
        sentence: '公示期：2026年6月11日至2026年6月15日，自2026年6月16日起施行。',
        evidence: '2026年6月16日起施行',
        message: '2026-06-11 公布、2026-06-16 生效，仅提前 5 日，少于七日。',
        suggestion: '生效日期推迟到 2026-06-18 或以后。',
        fingerprint: 'f6',
      }),
    ],
    ...over,
  }
}

export const sampleHistory = (over: Partial<History> = {}): History => ({
  series: [sampleSeries()],
  notices: [],
  ...over,
})
