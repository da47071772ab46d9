# Content validity index with modified kappa (Polit, Beck & Owen 2007), from first principles.
# Run from this folder: Rscript scoring_content_validity.R
library(jsonlite)
options(digits = 15)
one <- function(n, a) { p <- dbinom(a, n, 0.5); list(experts = n, agree = a, i_cvi = a / n, p_chance = p, kappa = (a / n - p) / (1 - p)) }
cases <- do.call(c, lapply(3:10, function(n) lapply(0:n, function(a) one(n, a))))
write_json(list(versions = list(R = as.character(getRversion())), cases = cases), "scoring_content_validity.json",
           digits = NA, auto_unbox = TRUE)
