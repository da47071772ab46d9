# Wild cluster bootstrap with the null imposed: every one of the 2^7 Rademacher samples refitted by lm, t with CR1 from the textbook's formula.
# Run from this folder: Rscript regression_wild.R
library(jsonlite)
options(digits = 15)
set.seed(7)
sizes <- c(6, 9, 5, 12, 7, 8, 10)
g <- rep(seq_along(sizes), sizes); n <- length(g)
lift <- rnorm(7, sd = 0.5)[g]
pe <- round(rnorm(n, 4 + lift, 1), 2); si <- round(0.3 * pe + rnorm(n, 2, 1), 2)
bi <- round(1 + 0.25 * pe + 0.3 * si + lift + rnorm(n), 2)
d <- data.frame(g, pe, si, bi)
cr1 <- function(f) { X <- model.matrix(f); A <- solve(crossprod(X)); S <- rowsum(X * resid(f), d$g); G <- nrow(S)
  G / (G - 1) * (n - 1) / (n - ncol(X)) * A %*% crossprod(S) %*% A }
t_of <- function(y, name, null) { d$y <- y; f <- lm(y ~ pe + si, d); v <- cr1(f); (coef(f)[[name]] - null) / sqrt(v[name, name]) }
p_of <- function(name, null) {
  other <- setdiff(c("pe", "si"), name)
  r <- lm(I(bi - null * d[[name]]) ~ d[[other]], d); u <- resid(r); base <- fitted(r) + null * d[[name]]
  t <- abs(t_of(d$bi, name, null)); W <- as.matrix(expand.grid(rep(list(c(-1, 1)), 7)))
  mean(apply(W, 1, function(w) abs(t_of(base + w[g] * u, name, null))) >= t * (1 - 1e-10))
}
cases <- do.call(c, lapply(c("pe", "si"), function(name) lapply(c(0, 0.2, 0.6), function(null) list(name = name, null = null, p = p_of(name, null)))))
f <- lm(bi ~ pe + si, d)
write_json(list(versions = list(R = as.character(getRversion())),
  data = as.list(d), cases = cases, se = unname(sqrt(diag(cr1(f)))[c("pe", "si")])),
  "regression_wild.json", digits = NA, auto_unbox = TRUE)
