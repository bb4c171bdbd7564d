/** A straight line through measured points: `y = base + slope · x`. */
export interface LineFit {
  readonly base: number;
  readonly slope: number;
  /** How much of the points' variation the line explains, 0 to 1; 1 where all lie on it. */
  readonly rSquared: number;
}

/** A measured point. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The line with the least squares of distances; `undefined` where the points have fewer than two different `x`. */
export function fitLine(points: readonly Point[]): LineFit | undefined {
  const meanX = mean(points.map(({ x }) => x));
  const meanY = mean(points.map(({ y }) => y));
  const sum = (term: (point: Point) => number): number =>
    points.reduce((total, point) => total + term(point), 0);
  const spreadX = sum(({ x }) => (x - meanX) ** 2);
  if (points.length === 0 || spreadX === 0) return undefined;
  const slope = sum(({ x, y }) => (x - meanX) * (y - meanY)) / spreadX;
  const base = meanY - slope * meanX;
  const spreadY = sum(({ y }) => (y - meanY) ** 2);
  const left = sum(({ x, y }) => (y - base - slope * x) ** 2);
  return { base, slope, rSquared: spreadY === 0 ? 1 : 1 - left / spreadY };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
