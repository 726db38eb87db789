/** Each power of two is divided into this many buckets, so that a bucket is at most 1/128 of its values wide. */
const subBuckets = 128;
const subBits = 7;
/** Values up to 2^42 microseconds, fifty days. */
const octaves = 42 - subBits;

/**
 * How often each duration came, in bounded memory: a log-linear histogram (as in G. Tene's HdrHistogram). Values are kept as
 * whole microseconds, those below 256 exactly, others to within 0.4%. Histograms add up, percentiles do not. One takes no more
 * than its largest value needs, 37 KB at most: a run makes many of them, and throws them away.
 */
export class Histogram {
  /** Of the octaves up to that of the largest value. */
  #counts = new Float64Array(0);
  #count = 0;
  #sumMs = 0;
  #maxMs = 0;

  get count(): number {
    return this.#count;
  }

  /** Exact, in milliseconds. */
  get sumMs(): number {
    return this.#sumMs;
  }

  /** Exact, in milliseconds; 0 where there is none. */
  get maxMs(): number {
    return this.#maxMs;
  }

  add(ms: number): void {
    const bucket = bucketOf(ms);
    if (bucket >= this.#counts.length) this.#reach(bucket + 1);
    this.#counts[bucket]! += 1;
    this.#count += 1;
    this.#sumMs += ms;
    if (ms > this.#maxMs) this.#maxMs = ms;
  }

  merge(other: Histogram): void {
    this.#reach(other.#counts.length);
    for (let bucket = 0; bucket < other.#counts.length; bucket += 1)
      this.#counts[bucket]! += other.#counts[bucket]!;
    this.#count += other.#count;
    this.#sumMs += other.#sumMs;
    this.#maxMs = Math.max(this.#maxMs, other.#maxMs);
  }

  clear(): void {
    this.#counts.fill(0);
    this.#count = 0;
    this.#sumMs = 0;
    this.#maxMs = 0;
  }

  /**
   * The nearest-rank quantile in milliseconds: the middle of the bucket of the value of rank ⌈share × count⌉, never more
   * than the maximum; null where there is none.
   * @param share 0..1
   */
  quantileMs(share: number): number | null {
    if (this.#count === 0) return null;
    const rank = Math.max(Math.ceil(share * this.#count), 1);
    let reached = 0;
    for (let bucket = 0; bucket < this.#counts.length; bucket += 1) {
      reached += this.#counts[bucket]!;
      if (reached >= rank) return Math.min(middleMs(bucket), this.#maxMs);
    }
    return this.#maxMs;
  }

  /** How many values are at most that, to within the width of a bucket. */
  countUpTo(ms: number): number {
    const end = Math.min(bucketOf(ms) + 1, this.#counts.length);
    let reached = 0;
    for (let bucket = 0; bucket < end; bucket += 1) reached += this.#counts[bucket]!;
    return reached;
  }

  /** For another thread, by `Histogram.of`: the buckets that hold something, as pairs of index and count. */
  get packed(): PackedHistogram {
    const buckets: number[] = [];
    for (let bucket = 0; bucket < this.#counts.length; bucket += 1)
      if (this.#counts[bucket]! > 0) buckets.push(bucket, this.#counts[bucket]!);
    return { buckets, sumMs: this.#sumMs, maxMs: this.#maxMs };
  }

  static of({ buckets, sumMs, maxMs }: PackedHistogram): Histogram {
    const histogram = new Histogram();
    // The last pair has the largest index.
    histogram.#reach((buckets.at(-2) ?? -1) + 1);
    for (let at = 0; at < buckets.length; at += 2) {
      histogram.#counts[buckets[at]!]! += buckets[at + 1]!;
      histogram.#count += buckets[at + 1]!;
    }
    histogram.#sumMs = sumMs;
    histogram.#maxMs = maxMs;
    return histogram;
  }

  /** Makes room for so many buckets, in whole octaves. */
  #reach(buckets: number): void {
    if (buckets <= this.#counts.length) return;
    const counts = new Float64Array(Math.ceil(buckets / subBuckets) * subBuckets);
    counts.set(this.#counts);
    this.#counts = counts;
  }
}

export interface PackedHistogram {
  readonly buckets: readonly number[];
  readonly sumMs: number;
  readonly maxMs: number;
}

function bucketOf(ms: number): number {
  const micros = Math.max(Math.round(ms * 1000), 0);
  if (micros < 2 * subBuckets) return micros;
  const octave = Math.min(Math.floor(Math.log2(micros)) - subBits, octaves - 1);
  return octave * subBuckets + Math.min(Math.floor(micros / 2 ** octave), 2 * subBuckets - 1);
}

function middleMs(bucket: number): number {
  if (bucket < 2 * subBuckets) return bucket / 1000;
  const octave = Math.floor(bucket / subBuckets) - 1;
  const lowest = (bucket - octave * subBuckets) * 2 ** octave;
  return (lowest + (2 ** octave - 1) / 2) / 1000;
}
