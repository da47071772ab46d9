# A respondent in an opposite corner of a table of two items that correlate closely: its probability is close to what
# double precision can tell from zero. The polychoric correlation by R's own optimiser on an accurate likelihood and
# by psych; lavaan's beside it, which stops short of the maximum. Run from this folder.
suppressMessages({
  library(jsonlite)
  library(lavaan)
  library(psych)
})

counts <- matrix(c(
  20, 10,   2,   0,  0,
   8, 90,  50,   6,  1,
   1, 40, 130,  45,  2,
   0,  6,  45, 110, 10,
   1,  0,   5,  15, 50
), 5, byrow = TRUE)
n <- sum(counts)
h <- c(-Inf, qnorm(cumsum(rowSums(counts)) / n)[1:4], Inf)
k <- c(-Inf, qnorm(cumsum(colSums(counts)) / n)[1:4], Inf)

# One cell: the integral over the first variable of the second's conditional probability, so that nothing cancels.
cell <- function(i, j, r) {
  s <- sqrt(1 - r^2)
  inner <- function(z) {
    a <- (k[j] - r * z) / s
    b <- (k[j + 1] - r * z) / s
    dnorm(z) * ifelse(a > 0, pnorm(-a) - pnorm(-b), pnorm(b) - pnorm(a))
  }
  integrate(inner, max(h[i], -12), min(h[i + 1], 12), rel.tol = 1e-12, subdivisions = 2000)$value
}
loglik <- function(r) sum(counts * log(outer(1:5, 1:5, Vectorize(function(i, j) cell(i, j, r)))))
best <- optimize(loglik, c(0.5, 0.95), maximum = TRUE, tol = 1e-10)$maximum

rows <- which(counts > 0, arr.ind = TRUE)
answers <- as.data.frame(rows[rep(seq_len(nrow(rows)), counts[rows]), ])
names(answers) <- c("a", "b")
theirs <- lavCor(answers, ordered = c("a", "b"))[1, 2]
writeLines(toJSON(list(
  versions = list(R = as.character(getRversion()), lavaan = as.character(packageVersion("lavaan")),
                  psych = as.character(packageVersion("psych"))),
  counts = counts,
  correlation = best,
  psych = polychoric(answers, correct = 0)$rho[1, 2],
  lavaan = theirs,
  loglik = loglik(best),
  loglik_at_lavaan = loglik(theirs)
), digits = NA, auto_unbox = TRUE, pretty = TRUE), "sem_corner_cells.json")
