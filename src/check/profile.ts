/** What is known of the platform: switches rules that hold only for some platforms. */

/** As `platform:` in the configuration; what is not said takes the default of `profileOf`. */
export interface Platform {
  readonly name?: string
  readonly operator?: string
  readonly users?: string
  readonly minors?: boolean
  readonly livestream?: boolean
  readonly goods?: boolean
  /** The documents of the run are the platform's whole rule set. */
  readonly whole?: boolean
}

export interface Profile {
  readonly whole: boolean
  readonly huge: boolean
  readonly minors: boolean
  readonly livestream: boolean
  readonly goods: boolean
}

/** Documents that a run must hold to be taken for a whole rule set without the configuration saying so. */
export const SMALLEST_SET = 3

/**
 * Fills in what the configuration leaves open. A run is taken for a whole rule set only when it holds several
 * documents, an agreement among them: a single document never lacks what another may say. `goods` is whether any of
 * their texts `mentionsGoods`.
 */
export function profileOf(platform: Platform, kinds: readonly string[], goods: boolean): Profile {
  const agreement = kinds.some(k => k === 'service-agreement' || k === 'merchant-agreement')
  return {
    whole: platform.whole ?? (kinds.length >= SMALLEST_SET && agreement),
    huge: platform.users === 'huge',
    minors: platform.minors ?? false,
    livestream: platform.livestream ?? false,
    goods: platform.goods ?? goods,
  }
}

/** Whether a text speaks of goods, as the texts of platforms that sell any do. */
export const mentionsGoods = (text: string): boolean => /商品|货物|发货|退货/.test(text)
