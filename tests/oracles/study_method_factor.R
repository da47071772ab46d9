# A method factor of all items (loadings 1, uncorrelated with the constructs) and one factor for everything, by lavaan.
# Run from this folder: Rscript study_method_factor.R
suppressMessages({library(lavaan); library(jsonlite)})
items <- c("A2", "A3", "A4", "A5", "C1", "C2", "C3", "E3", "E4", "E5"); d <- read.csv("data/b5.csv"); d <- d[complete.cases(d[items]), ]
M <- "A =~ A2 + A3 + A4 + A5\nC =~ C1 + C2 + C3\nE =~ E3 + E4 + E5\nE ~ A + C"
C <- paste0(M, "\nmethod =~ ", paste0("1*", items, collapse = " + "), "\nmethod ~~ start(0.05)*method + 0*A + 0*C")
one <- paste("all =~", paste(items, collapse = " + "))
fit <- function(fun, model) fun(model, d, estimator = "MLR")
s <- fit(sem, M); k <- fit(sem, C); o <- fit(cfa, one); f <- fit(cfa, sub("E ~ A . C", "", M))
p <- parameterEstimates(k); z <- standardizedSolution(k); l <- lavTestLRT(k, s); l1 <- lavTestLRT(f, o, method = "satorra.2000")
b <- z[z$op == "~", c("lhs", "rhs", "est.std")]
write_json(list(versions = list(R = as.character(getRversion()), lavaan = as.character(packageVersion("lavaan"))),
  variance = p$est[p$lhs == "method" & p$rhs == "method"], share = mean(p$est[p$lhs == "method" & p$rhs == "method"] / diag(fitted(k)$cov)[items]),
  chisq_diff = l$`Chisq diff`[2], df_diff = l$`Df diff`[2], paths = b,
  one_factor = list(chisq_diff = l1$`Chisq diff`[2], df_diff = l1$`Df diff`[2], chisq = fitMeasures(o)[["chisq.scaled"]], cfi = fitMeasures(o)[["cfi.robust"]])),
  "study_method_factor.json", digits = NA, auto_unbox = TRUE)
