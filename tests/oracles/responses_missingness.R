# Little's MCAR test from the saturated moments of lavaan. Run from this folder: Rscript responses_missingness.R
suppressMessages({library(lavaan); library(jsonlite)})
options(digits = 15)
d <- HolzingerSwineford1939[, paste0("x", 1:6)]; d <- round(d, 3)
i <- seq_len(nrow(d))
d$x1[i %% 7 == 0] <- NA; d$x2[i %% 11 == 3] <- NA; d$x5[i %% 7 == 0 & i > 150] <- NA; d$x6[d$x4 < 2] <- NA
fit <- lavCor(d, missing = "fiml", output = "fit", se = "none", control = list(rel.tol = 1e-14),
              em.h1.tol = 1e-13, em.h1.iter.max = 10000)
m <- lavInspect(fit, "mean.ov"); S <- lavInspect(fit, "cov.ov")
seen <- !is.na(d); key <- apply(seen, 1, paste, collapse = "")
stat <- 0; df <- 0
for (k in unique(key)) {
  rows <- key == k; o <- seen[which(rows)[1], ]
  if (!any(o)) next
  gap <- colMeans(d[rows, o, drop = FALSE]) - m[o]
  stat <- stat + sum(rows) * drop(t(gap) %*% solve(S[o, o]) %*% gap); df <- df + sum(o)
}
df <- df - ncol(d)
out <- list(versions = list(R = R.version.string, lavaan = as.character(packageVersion("lavaan"))),
            data = lapply(i, function(r) as.list(unname(unlist(d[r, ])))), patterns = length(unique(key)), chisq = stat, df = df,
            p = pchisq(stat, df, lower.tail = FALSE))
writeLines(toJSON(out, digits = NA, auto_unbox = TRUE, na = "null"), "responses_missingness.json")
