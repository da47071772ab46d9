# BCa intervals of an observed mediation by boot.ci, with its replicates. Run from this folder: Rscript sem_bca.R
library(boot); source("lavaan_export.R")
H <- read.csv("data/hs1939.csv")[, c("x1", "x4", "x7")]; set.seed(19370501)
estimates <- function(d, w) { d <- as.matrix(d); w <- as.vector(w) / sum(w); d <- sweep(d, 2, colSums(w * d)); S <- crossprod(d, w * d) # maximum likelihood from weighted moments
  a <- S[1, 2] / S[1, 1]; bc <- solve(S[c(2, 1), c(2, 1)], S[c(2, 1), 3]); s <- sqrt(diag(S)); out <- c(a = a, b = bc[[1]], c = bc[[2]], ind = a * bc[[1]])
  c(out, var4 = S[2, 2] - a^2 * S[1, 1], var7 = S[3, 3] - sum(bc * S[c(2, 1), 3]), std_a = a * s[1] / s[2], std_b = bc[[1]] * s[2] / s[3], std_c = bc[[2]] * s[1] / s[3], std_ind = a * bc[[1]] * s[1] / s[3]) }
b <- boot(H, function(d, w) estimates(d, w), R = 499, stype = "w")
of <- function(k) { L <- empinf(b, index = k, type = "inf"); ci <- boot.ci(b, conf = c(.95, .90), type = "bca", index = k)$bca
  list(acceleration = sum(L^3) / (6 * sum(L^2)^1.5), limits = ci[, 4:5], percentile = boot.ci(b, conf = c(.95, .90), type = "perc", index = k)$percent[, 4:5]) }
names <- c("a", "b", "c", "ind", "var4", "var7", "std_a", "std_b", "std_c", "std_ind")
writeLines(toJSON(list(versions = list(R = R.version.string, boot = as.character(packageVersion("boot"))), model = "x4 ~ a*x1\nx7 ~ b*x4 + c*x1\nind := a*b", levels = c(.95, .90),
  point = as.list(setNames(b$t0, names)), replicates = setNames(as.list(as.data.frame(b$t)), names), bca = setNames(lapply(seq_along(names), of), names)),
  digits = I(11), auto_unbox = TRUE), "sem_bca.json")
