# Two groups by R's own tests. Run from this folder: Rscript scoring_two_groups.R
suppressMessages(library(jsonlite))
options(digits = 15)
cases <- list(
  small = list(first = c(4.2, 5.1, 3.3, 4.8, 5.9, 4.4, 3.9, 5.2), second = c(5.6, 6.1, 4.9, 5.8, 6.4, 5.0)),
  unequal = list(first = round(4 + 1.2 * sin(1:60), 2), second = round(4.1 + .5 * cos((1:14) * 1.7), 2)))
one <- function(case, bound = .5) {
  a <- case$first; b <- case$second; n1 <- length(a); n2 <- length(b); m <- n1 + n2 - 2
  sp <- sqrt(((n1 - 1) * var(a) + (n2 - 1) * var(b)) / m); w <- t.test(b, a)
  d <- (mean(b) - mean(a)) / sp; s <- sqrt(n1 * n2 / (n1 + n2)); J <- gamma(m / 2) / (sqrt(m / 2) * gamma((m - 1) / 2))
  nc <- function(p) uniroot(function(x) pt(d * s, m, x) - p, d * s + c(-8, 8), tol = 1e-12)$root / s
  tost <- max(t.test(b, a, mu = -bound * sp, alternative = "greater")$p.value,
              t.test(b, a, mu = bound * sp, alternative = "less")$p.value)
  list(first = a, second = b, t = unname(w$statistic), df = unname(w$parameter), p = w$p.value, lower = w$conf.int[1],
       upper = w$conf.int[2], g = J * d, g_lower = J * nc(.975), g_upper = J * nc(.025), tost = tost,
       superiority = mean(outer(b, a, ">") + .5 * outer(b, a, "==")))
}
out <- list(versions = list(R = R.version.string), cases = lapply(cases, one))
writeLines(toJSON(out, digits = NA, auto_unbox = TRUE), "scoring_two_groups.json")
