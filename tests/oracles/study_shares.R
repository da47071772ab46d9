# Intervals of shares and tests against fixed shares, by base R. Run from this folder: Rscript study_shares.R
suppressMessages(library(jsonlite))
options(digits = 15)
shares <- c(.025, .135, .34, .34, .16)
tables <- list(c(32, 69, 129, 89, 44), c(1, 5, 11, 8, 6), c(0, 0, 3, 4, 2), c(3, 2, 1, 0, 0))

wilson <- function(x, n) { i <- suppressWarnings(prop.test(x, n, correct = FALSE)$conf.int); c(i[1], i[2]) }
goodman <- function(x) {
  n <- sum(x); A <- qchisq(1 - .05 / length(x), 1)
  lapply(x, function(k) (A + 2 * k + c(-1, 1) * sqrt(A * (A + 4 * k * (n - k) / n))) / (2 * (n + A)))
}
exact <- function(x) {
  n <- sum(x); e <- n * shares; s <- sum((x - e)^2 / e); total <- 0
  for (a in 0:n) for (b in 0:(n - a)) for (c in 0:(n - a - b)) for (d in 0:(n - a - b - c)) {
    o <- c(a, b, c, d, n - a - b - c - d)
    if (sum((o - e)^2 / e) >= s * (1 - 1e-9)) total <- total + dmultinom(o, prob = shares)
  }
  total
}
write_json(list(
  versions = list(R = as.character(getRversion())), shares = shares,
  cases = lapply(tables, function(x) {
    t <- suppressWarnings(chisq.test(x, p = shares))
    list(counts = x, wilson = lapply(x, wilson, n = sum(x)), goodman = goodman(x), statistic = unname(t$statistic),
         asymptotic = t$p.value, exact = if (sum(x) < 40) exact(x) else NA)
  })
), "study_shares.json", digits = NA, auto_unbox = TRUE, pretty = TRUE)
